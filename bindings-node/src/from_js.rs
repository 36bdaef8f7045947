//! From JavaScript's values to the core's; streams and functions stay behind.

use bytes::Bytes;
use digime_sdk::binding::{Reply, Value};
use napi::bindgen_prelude::{
    ArrayBuffer, BigInt, Buffer, FnArgs, FromNapiValue, Function, JsObjectValue, JsValue, Object,
    Result, Unknown,
};
use napi::{Env, JsString, ValueType};

use crate::Keep;
use crate::lent_bytes;
use crate::place::{Place, Unfit};

/// What was read, or why it does not cross.
type Reading<T> = std::result::Result<T, Unfit>;

/// Reads values with all that they hold.
pub(crate) struct Reader<'env> {
    env: &'env Env,
    async_iterator: Unknown<'env>,
    keep: Option<Keep<'env>>,
}

impl<'env> Reader<'env> {
    /// A reader that hands functions and streams to `keep`, or else refuses them.
    pub(crate) fn new(env: &'env Env, keep: Option<Keep<'env>>) -> Result<Self> {
        let symbol: Object = env.get_global()?.get_named_property_unchecked("Symbol")?;
        Ok(Self {
            env,
            async_iterator: symbol.get_named_property("asyncIterator")?,
            keep,
        })
    }

    /// Reads the value that errors call `root`.
    pub(crate) fn read(&self, value: Unknown<'env>, root: &'static str) -> Reading<Value> {
        Ok(self
            .value(value, &Place::root(root, value))?
            .unwrap_or(Value::Null))
    }

    /// Reads the answer to a step: `{value}` or `{failed: true}`. A value that does not cross is no answer.
    pub(crate) fn reply(&self, reply: &Object<'env>) -> Result<Reply> {
        if reply.has_named_property("failed")? {
            return Ok(Reply::Failed);
        }
        match self.read(reply.get_named_property("value")?, "value") {
            Ok(value) => Ok(Reply::Value(value)),
            Err(Unfit::Meaningless { .. }) => Ok(Reply::Value(Value::Null)),
            Err(Unfit::Thrown(error)) => Err(error),
        }
    }

    /// None for `undefined`.
    fn value(&self, value: Unknown<'env>, place: &Place<'env>) -> Reading<Option<Value>> {
        let read = match value.get_type()? {
            ValueType::Undefined => return Ok(None),
            ValueType::Null => Value::Null,
            ValueType::Boolean => Value::Bool(bool::from_unknown(value)?),
            ValueType::Number => number(f64::from_unknown(value)?),
            ValueType::BigInt => match BigInt::from_unknown(value)?.get_i64() {
                (number, true) => Value::Integer(number),
                (_, false) => return Err(place.meaningless("is beyond 64 bits")),
            },
            ValueType::String => Value::String(String::from_unknown(value)?),
            ValueType::Function => Value::Function(self.kept(value, place)?),
            ValueType::Object => return self.object(value, place),
            _ => return Err(place.meaningless("is neither data, nor a function, nor a stream")),
        };
        Ok(Some(read))
    }

    fn object(&self, value: Unknown<'env>, place: &Place<'env>) -> Reading<Option<Value>> {
        place.check_depth()?;
        let object = Object::from_unknown(value)?;
        let read = if value.is_buffer()? {
            let buffer = Buffer::from_unknown(value)?;
            // After an answer the caller may use its buffer again.
            let is_answer = self.keep.is_none();
            Value::Bytes(if is_answer {
                Bytes::copy_from_slice(&buffer)
            } else {
                lent_bytes::bytes(buffer)
            })
        } else if value.is_arraybuffer()? {
            Value::Bytes(Bytes::copy_from_slice(&ArrayBuffer::from_unknown(value)?))
        } else if value.is_array()? {
            self.array(&object, place)?
        } else if self.is_stream(&object)? {
            Value::Stream(self.kept(value, place)?)
        } else if let Some(json) = self.to_json(&object)? {
            return self.value(json, &place.replacement(&object));
        } else {
            self.members(&object, place)?
        };
        Ok(Some(read))
    }

    fn array(&self, array: &Object<'env>, place: &Place<'env>) -> Reading<Value> {
        let items = (0..array.get_array_length()?).map(|index| {
            let item = self.value(array.get_element(index)?, &place.item(array, index))?;
            Ok(item.unwrap_or(Value::Null))
        });
        items.collect::<Reading<_>>().map(Value::Array)
    }

    fn members(&self, object: &Object<'env>, place: &Place<'env>) -> Reading<Value> {
        let names = object.get_property_names()?;
        let mut members = Vec::new();
        for index in 0..names.get_array_length()? {
            let key: JsString = names.get_element(index)?;
            let name = key.into_utf8()?.into_owned()?;
            let member: Unknown = object.get_property(key)?;
            if let Some(member) = self.value(member, &place.member(object, &name))? {
                members.push((name, member));
            }
        }
        Ok(Value::Object(members))
    }

    /// What an object that has `toJSON` is as JSON; none if that is the object itself.
    fn to_json(&self, object: &Object<'env>) -> Result<Option<Unknown<'env>>> {
        let to_json: Unknown = object.get_named_property("toJSON")?;
        if to_json.get_type()? != ValueType::Function {
            return Ok(None);
        }
        let json = Function::<(), Unknown>::from_unknown(to_json)?.apply(*object, ())?;
        let is_itself = self.env.strict_equals(json, *object)?;
        Ok(Some(json).filter(|_| !is_itself))
    }

    fn is_stream(&self, object: &Object<'env>) -> Result<bool> {
        let is_function =
            |member: Unknown| member.get_type().map(|kind| kind == ValueType::Function);
        Ok(is_function(object.get_property(self.async_iterator)?)?
            || is_function(object.get_named_property("getReader")?)?
            || is_function(object.get_named_property("pipe")?)?)
    }

    /// Leaves a function or a stream with the caller; the core knows it by its path.
    fn kept(&self, value: Unknown<'env>, place: &Place<'env>) -> Reading<String> {
        let Some(keep) = &self.keep else {
            return Err(place.meaningless("is a function or a stream"));
        };
        keep.call(FnArgs::from((place.path.clone(), value, place.holder)))?;
        Ok(place.path.clone())
    }
}

/// JavaScript has one kind of number; the core has two.
fn number(number: f64) -> Value {
    const MAX_SAFE: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= MAX_SAFE {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole and its size was just checked"
        )]
        return Value::Integer(number as i64);
    }
    Value::Float(number)
}
