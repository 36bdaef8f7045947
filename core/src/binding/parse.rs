//! What is read as a whole: options, a configuration, an answer, a portion of a list; each with the name that opens the path of what does not fit.

use serde::de::DeserializeOwned;

use super::de::{Parser, Reads};
use super::manner::{Manner, Misspelt};
use super::misfit::{Misfit, Segment};
use super::{Dialect, Value};
use crate::error::Invalid;

/// Parses options.
pub(crate) fn parse<T: DeserializeOwned>(value: Value, dialect: Dialect) -> Result<T, Invalid> {
    let manner = Manner::of(dialect, Misspelt::RefusedHere);
    read(value, manner).map_err(|misfit| misfit.at("options", &[]))
}

/// Parses a configuration, whose functions the caller knows by paths that open with `config.`.
pub(crate) fn parse_config<T: DeserializeOwned>(
    value: Value,
    dialect: Dialect,
) -> Result<T, Invalid> {
    let manner = Manner::of(dialect, Misspelt::RefusedThroughout);
    read(value.with_functions_under("config"), manner).map_err(|misfit| misfit.at("config", &[]))
}

/// Parses a part of the options that stands at `root`, and is the SDK's own.
pub(crate) fn parse_at<T: DeserializeOwned>(
    value: Value,
    dialect: Dialect,
    root: &'static str,
) -> Result<T, Invalid> {
    let manner = Manner::of(dialect, Misspelt::RefusedHere);
    read(value, manner).map_err(|misfit| misfit.at(root, &[]))
}

/// Parses what a function of the application answered, in either spelling; of a record, the core knows these members.
pub(super) fn parse_answer<T: DeserializeOwned>(
    value: Value,
    members: &'static [&'static str],
) -> Result<T, Invalid> {
    read(value, Manner::of_answers()).map_err(|misfit| misfit.at("the answer", members))
}

/// Parses some of the items of a list that stands at `root`, of which `before` came earlier.
pub(crate) fn parse_portion<T: DeserializeOwned>(
    portion: Value,
    dialect: Dialect,
    root: &'static str,
    before: usize,
) -> Result<Vec<T>, Invalid> {
    let Value::Array(items) = portion else {
        return Err(Invalid::new(root, "gave something that cannot be read"));
    };
    let manner = Manner::of(dialect, Misspelt::Ignored);
    let items = items.into_iter().enumerate().map(|(index, item)| {
        let item = read(item, manner);
        item.map_err(|misfit| misfit.under(Segment::Index(before + index)).at(root, &[]))
    });
    items.collect()
}

fn read<T: DeserializeOwned>(value: Value, manner: Manner) -> Result<T, Misfit> {
    T::deserialize(Parser::reading(value, manner))
}
