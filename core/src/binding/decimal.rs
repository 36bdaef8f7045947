//! How each language writes a number that is not whole as JSON: the fewest digits that read back the same, and where they put the point.

use super::Dialect;

/// The number as the language's own JSON writer writes it; none for what JSON has no word for.
pub(super) fn written(number: f64, dialect: Dialect) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    // One digit, the point, further digits, and the power of ten.
    let scientific = format!("{:e}", number.abs());
    let (digits, power) = scientific.split_once('e')?;
    let digits = digits.replace('.', "");
    let power: i32 = power.parse().ok()?;
    let text = match dialect {
        Dialect::JavaScript => javascript(&digits, power),
        Dialect::Python => python(&digits, power),
    };
    // JavaScript has one zero in JSON.
    let sign = if dialect == Dialect::JavaScript && number == 0.0 {
        ""
    } else {
        sign
    };
    Some(format!("{sign}{text}"))
}

/// ECMA-262, `Number::toString`.
fn javascript(digits: &str, power: i32) -> String {
    match power {
        -6..21 => plain(digits, power),
        _ => scientific(digits, power, 1),
    }
}

/// `float.__repr__`: always with a point or a power.
fn python(digits: &str, power: i32) -> String {
    if !(-4..16).contains(&power) {
        return scientific(digits, power, 2);
    }
    let text = plain(digits, power);
    if text.contains('.') {
        text
    } else {
        text + ".0"
    }
}

fn plain(digits: &str, power: i32) -> String {
    let Ok(whole) = usize::try_from(power + 1) else {
        let zeros = usize::try_from(-power - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    };
    if whole == 0 {
        return format!("0.{digits}");
    }
    match digits.split_at_checked(whole) {
        None | Some((_, "")) => format!("{digits:0<whole$}"),
        Some((whole, rest)) => format!("{whole}.{rest}"),
    }
}

fn scientific(digits: &str, power: i32, width: usize) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if power < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:0width$}", power.abs())
}
