//! Answers as an input writes them down, so that a corpus can be read and a dictionary helps: a line with the status, headers,
//! an empty line, the body. A line of `%%%` parts one answer from the next.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Stands for what the request was authorised with, as a server that echoes writes it.
pub const ECHO: &str = "{{authorization}}";

/// An answer of a platform.
#[derive(Clone, Default)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// In pieces of how many bytes the body comes; 0 for whole.
    pub piece: usize,
    /// Whether the connection breaks off at its end.
    pub breaks_off: bool,
    /// Whether it never arrives.
    pub lost: bool,
}

impl Answer {
    pub fn of(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap(),
            body: body.into(),
            ..Self::default()
        }
    }

    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::of(200, body).with("content-type", b"application/json")
    }

    /// With a header, if the bytes can stand in one.
    pub fn with(mut self, name: &'static str, value: &[u8]) -> Self {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    pub fn in_pieces(mut self, piece: usize) -> Self {
        self.piece = piece;
        self
    }

    /// The answers that an input writes down.
    pub fn all(input: &[u8]) -> Vec<Self> {
        let mut answers = Vec::new();
        let mut rest = Some(input);
        while let Some(text) = rest.filter(|_| answers.len() < 64) {
            let (answer, after) = cut(text, b"\n%%%\n");
            answers.push(Self::parse(answer));
            rest = after;
        }
        answers
    }

    fn parse(text: &[u8]) -> Self {
        let (head, body) = cut(text, b"\n\n");
        let mut lines = head.split(|byte| *byte == b'\n');
        let status = lines.next().unwrap_or_default();
        let mut answer = Self {
            status: StatusCode::from_bytes(status).unwrap_or_default(),
            body: body.unwrap_or_default().to_vec(),
            lost: status == b"lost",
            ..Self::default()
        };
        for line in lines {
            let (name, value) = cut(line, b": ");
            let value = value.unwrap_or_default();
            match name {
                b"piece" => {
                    let digits = std::str::from_utf8(value).unwrap_or_default();
                    answer.piece = digits.parse().unwrap_or_default();
                }
                b"breaks-off" => answer.breaks_off = true,
                _ => {
                    let name = HeaderName::from_bytes(name);
                    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value)) {
                        answer.headers.append(name, value);
                    }
                }
            }
        }
        answer
    }

    /// With what the request was authorised with wherever it is to be echoed.
    pub fn echoing(mut self, authorization: Option<&HeaderValue>) -> Self {
        static NONE: LazyLock<HeaderValue> = LazyLock::new(|| HeaderValue::from_static(""));
        let value = authorization.unwrap_or(&NONE).as_bytes();
        self.body = replaced(&self.body, ECHO, value);
        for header in self.headers.values_mut() {
            if let Ok(echoing) = HeaderValue::from_bytes(&replaced(header.as_bytes(), ECHO, value))
            {
                *header = echoing;
            }
        }
        self
    }
}

/// What stands before the mark, and what after it, if it is there.
pub fn cut<'a>(text: &'a [u8], mark: &[u8]) -> (&'a [u8], Option<&'a [u8]>) {
    match text.windows(mark.len()).position(|window| window == mark) {
        Some(at) => (&text[..at], Some(&text[at + mark.len()..])),
        None => (text, None),
    }
}

/// The text with `with` in place of each mark, up to a bound.
pub fn replaced(text: &[u8], mark: &str, with: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    for _ in 0..16 {
        let (before, Some(after)) = cut(rest, mark.as_bytes()) else {
            break;
        };
        out.extend_from_slice(before);
        out.extend_from_slice(with);
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}
