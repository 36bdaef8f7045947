//! From JavaScript's values to the core's; streams and functions stay behind.

use std::cell::RefCell;
use std::ptr;

use bytes::Bytes;
use digime_sdk::binding::{Reply, Value};
use napi::bindgen_prelude::{
    ArrayBuffer, BigInt, BufferSlice, FnArgs, FromNapiValue, Function, JsObjectValue, JsValue,
    Object, Result, Unknown,
};
use napi::{Env, JsString, ValueType, sys};

use crate::place::{Place, Unfit};

/// Is given what is no plain data, with its path and the object that holds it, and says what crosses in its place, if anything does.
pub(crate) type Keep<'env> =
    Function<'env, FnArgs<(String, Unknown<'env>, Unknown<'env>)>, Option<Object<'env>>>;

/// What was read, or why it does not cross.
type Reading<T> = std::result::Result<T, Unfit>;

/// Reads values with all that they hold.
pub(crate) struct Reader<'env> {
    env: &'env Env,
    async_iterator: Unknown<'env>,
    to_string_tag: Unknown<'env>,
    /// `Object.prototype`, and its `toString`.
    plain: Object<'env>,
    name_of: Function<'env, (), String>,
    keep: Option<Keep<'env>>,
    /// By path from the root.
    thrown: RefCell<Vec<(String, napi::Error)>>,
}

impl<'env> Reader<'env> {
    /// A reader that hands functions, streams and bytes to `keep`. Without it, it refuses functions and streams, and copies bytes: they are
    /// the skin's own, or a view of the caller's that it has made in this turn.
    pub(crate) fn new(env: &'env Env, keep: Option<Keep<'env>>) -> Result<Self> {
        let global = env.get_global()?;
        let symbol: Object = global.get_named_property_unchecked("Symbol")?;
        let object: Object = global.get_named_property_unchecked("Object")?;
        let prototype: Object = object.get_named_property_unchecked("prototype")?;
        Ok(Self {
            env,
            async_iterator: symbol.get_named_property("asyncIterator")?,
            to_string_tag: symbol.get_named_property("toStringTag")?,
            plain: prototype,
            name_of: prototype.get_named_property_unchecked("toString")?,
            keep,
            thrown: RefCell::default(),
        })
    }

    /// Reads the value that errors call `root`.
    pub(crate) fn read(&self, value: Unknown<'env>, root: &'static str) -> Reading<Value> {
        let place = Place::root(root, value);
        Ok(self.value(value, &place)?.unwrap_or(Value::Null))
    }

    /// What the application's own code threw while the value at this path was read, a getter for one.
    pub(crate) fn thrown_at(&self, path: &str) -> Option<napi::Error> {
        let mut thrown = self.thrown.borrow_mut();
        let position = thrown.iter().position(|(place, _)| place == path)?;
        Some(thrown.swap_remove(position).1)
    }

    /// Reads the answer to a step: `{value}` or `{failed: true}`. A value that does not cross is no answer.
    pub(crate) fn reply(&self, reply: &Object<'env>) -> Result<Reply> {
        if reply.has_named_property("failed")? {
            return Ok(Reply::Failed);
        }
        match self.read(reply.get_named_property("value")?, "value") {
            Ok(value) => Ok(Reply::Value(value)),
            Err(Unfit::Meaningless(_) | Unfit::Endless(_)) => Ok(Reply::Value(Value::Null)),
            Err(Unfit::Thrown(error)) => Err(error),
        }
    }

    /// A part of a value. What has no meaning, or cannot be read, does no harm where nobody reads it.
    fn part(
        &self,
        read: impl FnOnce() -> Result<Unknown<'env>>,
        place: &Place<'env>,
    ) -> Reading<Option<Value>> {
        let part = read().map_err(Unfit::Thrown);
        match part.and_then(|part| self.value(part, place)) {
            Err(Unfit::Meaningless(reason)) => Ok(Some(Value::Unfit(reason))),
            Err(Unfit::Endless(reason)) if place.is_telling() => Ok(Some(Value::Unfit(reason))),
            Err(Unfit::Thrown(error)) if self.keep.is_some() => {
                let path = place.whole_path();
                self.thrown.borrow_mut().push((path, self.caught(error)));
                Ok(Some(Value::Unfit(
                    "cannot be read: it throws an error".into(),
                )))
            }
            read => read,
        }
    }

    /// What JavaScript has thrown, so that it can go on: an error that a function of its own was called for holds it already.
    fn caught(&self, error: napi::Error) -> napi::Error {
        let (mut is_pending, mut thrown) = (false, ptr::null_mut());
        // SAFETY: It is JavaScript's thread, and the environment is alive as long as this reader.
        let status = unsafe { sys::napi_is_exception_pending(self.env.raw(), &raw mut is_pending) };
        if status != sys::Status::napi_ok || !is_pending {
            return error;
        }
        // SAFETY: It is JavaScript's thread, and the environment is alive as long as this reader.
        let status =
            unsafe { sys::napi_get_and_clear_last_exception(self.env.raw(), &raw mut thrown) };
        if status != sys::Status::napi_ok || thrown.is_null() {
            return error;
        }
        // SAFETY: The value is of this environment, and this turn.
        unsafe { Unknown::from_napi_value(self.env.raw(), thrown) }.map_or(error, napi::Error::from)
    }

    /// None for `undefined`.
    fn value(&self, value: Unknown<'env>, place: &Place<'env>) -> Reading<Option<Value>> {
        let read = match value.get_type()? {
            ValueType::Undefined => return Ok(None),
            ValueType::Null => Value::Null,
            ValueType::Boolean => Value::Bool(bool::from_unknown(value)?),
            ValueType::Number => self.number(value)?,
            ValueType::BigInt => whole(value)?,
            ValueType::String => text(value)?,
            ValueType::Function => {
                self.crossing(value, place)?;
                Value::Function(place.path.clone())
            }
            ValueType::Object => return self.object(value, place),
            _ => {
                return Err(Unfit::meaningless(
                    "is neither data, nor a function, nor a stream",
                ));
            }
        };
        Ok(Some(read))
    }

    // Of what calls itself as deep as values are nested, the stack has little room for more: what does not stands apart.
    fn number(&self, value: Unknown<'env>) -> Reading<Value> {
        match number(f64::from_unknown(value)?) {
            // JSON has no word for it, and would have null instead.
            Value::Float(number) if !number.is_finite() && self.keep.is_some() => {
                Err(Unfit::meaningless("is not a finite number"))
            }
            number => Ok(number),
        }
    }

    fn object(&self, value: Unknown<'env>, place: &Place<'env>) -> Reading<Option<Value>> {
        place.check_depth()?;
        let object = Object::from_unknown(value)?;
        let read = if value.is_buffer()? || value.is_arraybuffer()? {
            self.bytes(value, place)?
        } else if value.is_array()? {
            self.array(&object, place)?
        } else if self.is_stream(&object)? {
            self.crossing(value, place)?;
            Value::Stream(place.path.clone())
        } else if self.is_shared_memory(&object)? {
            self.bytes(value, place)?
        } else if let Some(json) = self.as_json(&object, place)? {
            return self.value(json, &place.replacement(&object)).map(written);
        } else {
            self.members(&object, place)?
        };
        Ok(Some(read))
    }

    fn array(&self, array: &Object<'env>, place: &Place<'env>) -> Reading<Value> {
        let items = (0..array.get_array_length()?).map(|index| {
            let item = self.part(|| array.get_element(index), &place.item(array, index))?;
            Ok(item.unwrap_or(Value::Null))
        });
        items.collect::<Reading<_>>().map(Value::Array)
    }

    fn members(&self, object: &Object<'env>, place: &Place<'env>) -> Reading<Value> {
        let names = object.get_property_names()?;
        let mut members = Vec::new();
        for index in 0..names.get_array_length()? {
            let key: JsString = names.get_element(index)?;
            let name = name(key)?;
            let place = place.member(object, &name);
            if let Some(member) = self.part(|| object.get_property(key), &place)? {
                members.push((name, member));
            }
        }
        Ok(Value::Object(members))
    }

    /// What stands for an object in JSON; none if that is the object itself.
    fn as_json(&self, object: &Object<'env>, place: &Place<'env>) -> Result<Option<Unknown<'env>>> {
        let json = self.to_json(object)?;
        json.map_or_else(|| self.wrapped(object, place), |json| Ok(Some(json)))
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

    /// The primitive that an object wraps, as `new Number(1)` does: JSON has it in place of the object.
    fn wrapped(&self, object: &Object<'env>, place: &Place<'env>) -> Result<Option<Unknown<'env>>> {
        const WRAPPERS: [&str; 4] = [
            "[object Number]",
            "[object String]",
            "[object Boolean]",
            "[object BigInt]",
        ];
        let Some(keep) = &self.keep else {
            return Ok(None);
        };
        // Where no room is left on the stack, JavaScript refuses to be called: of most objects it need not be asked.
        let prototype: Unknown = object.get_prototype()?;
        if self.env.strict_equals(prototype, self.plain)?
            || !WRAPPERS.contains(&self.name_of.apply(*object, ())?.as_str())
        {
            return Ok(None);
        }
        // What only calls itself one is none to the skin.
        let told = FnArgs::from((place.path.clone(), object.to_unknown(), place.holder));
        keep.call(told)?
            .map_or(Ok(None), |crossing| crossing.get("wraps"))
    }

    fn is_stream(&self, object: &Object<'env>) -> Result<bool> {
        let is_function =
            |member: Unknown| member.get_type().map(|kind| kind == ValueType::Function);
        Ok(is_function(object.get_property(self.async_iterator)?)?
            || is_function(object.get_named_property("getReader")?)?
            || is_function(object.get_named_property("pipe")?)?
            // Blobs and files, requests and responses.
            || is_function(object.get_named_property("arrayBuffer")?)?)
    }

    /// JavaScript's border has no other word for a `SharedArrayBuffer`. What only calls itself one is a source of no bytes to the skin.
    fn is_shared_memory(&self, object: &Object<'env>) -> Result<bool> {
        let tag: Unknown = object.get_property(self.to_string_tag)?;
        Ok(tag.get_type()? == ValueType::String
            && String::from_unknown(tag)? == "SharedArrayBuffer")
    }

    /// Bytes, copied before JavaScript goes on: it may free, move or change them. Those that are too many stay where they are.
    fn bytes(&self, value: Unknown<'env>, place: &Place<'env>) -> Reading<Value> {
        if self.keep.is_none() {
            return Ok(Value::Bytes(copied(value)?));
        }
        let crossing = self.crossing(value, place)?;
        crossing.ok_or_else(|| Unfit::meaningless("is no memory that can be read"))
    }

    /// Hands over what is no plain data; none if it stays with the caller, and the core knows it by its path.
    fn crossing(&self, value: Unknown<'env>, place: &Place<'env>) -> Reading<Option<Value>> {
        let Some(keep) = &self.keep else {
            return Err(Unfit::meaningless("is a function or a stream"));
        };
        let told = FnArgs::from((place.path.clone(), value, place.holder));
        let Some(crossing) = keep.call(told)? else {
            return Ok(None);
        };
        if let Some(reason) = crossing.get::<String>("refused")? {
            return Err(Unfit::meaningless(reason));
        }
        if let Some(length) = crossing.get::<i64>("length")? {
            return Ok(Some(Value::Kept {
                path: place.path.clone(),
                length: length.unsigned_abs(),
            }));
        }
        let copied = copied(crossing.get_named_property("copied")?)?;
        Ok(Some(Value::Bytes(copied)))
    }
}

/// A copy of a buffer's bytes, made on JavaScript's thread.
fn copied(value: Unknown<'_>) -> Result<Bytes> {
    Ok(if value.is_buffer()? {
        Bytes::copy_from_slice(&BufferSlice::from_unknown(value)?)
    } else {
        Bytes::copy_from_slice(&ArrayBuffer::from_unknown(value)?)
    })
}

/// What an object has turned itself into, as what stands for it.
fn written(value: Option<Value>) -> Option<Value> {
    match value? {
        object @ (Value::Object(_) | Value::Array(_)) => Some(object),
        primitive => Some(Value::Written(Box::new(primitive))),
    }
}

/// What stands in UTF-8 for a lone surrogate.
const REPLACED: char = '\u{fffd}';

fn text(value: Unknown<'_>) -> Result<Value> {
    let text = String::from_unknown(value)?;
    if text.contains(REPLACED) {
        let text = JsString::from_unknown(value)?;
        // What napi gives ends with a zero that is not the string's.
        let length = text.utf16_len()?;
        let units = text.into_utf16()?;
        return Ok(Value::text(units.get(..length).unwrap_or_default()));
    }
    Ok(Value::String(text))
}

/// The name of a member.
fn name(key: JsString<'_>) -> Reading<String> {
    let name = key.into_utf8()?.into_owned()?;
    if name.contains(REPLACED) && matches!(text(key.to_unknown())?, Value::Json(_)) {
        return Err(Unfit::meaningless(
            "has a member whose name has a lone surrogate",
        ));
    }
    Ok(name)
}

/// A whole number of any size.
fn whole(value: Unknown<'_>) -> Result<Value> {
    let (number, fits) = BigInt::from_unknown(value)?.get_i64();
    if fits {
        return Ok(Value::Integer(number));
    }
    let digits = value.coerce_to_string()?.into_utf8()?.into_owned()?;
    Ok(digits.parse().map_or(Value::Null, Value::Json))
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
