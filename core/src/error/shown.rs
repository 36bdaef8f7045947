//! How a text of somebody else's stands in a message: in one line, of bounded length, and with nothing in it that commands a terminal.

/// How many letters are shown.
const MOST: usize = 500;

/// The text with what is no letter escaped, and cut off where it is long.
pub(crate) fn shown(text: &str) -> String {
    let mut letters = text.chars();
    let mut shown = String::with_capacity(text.len().min(MOST));
    for letter in letters.by_ref().take(MOST) {
        if is_hidden(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    let left = letters.count();
    if left > 0 {
        shown.push_str("… (");
        shown.push_str(&left.to_string());
        shown.push_str(" more)");
    }
    shown
}

/// Whether a letter does something other than being read: it ends a line, commands a terminal, or turns the direction of others.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}
