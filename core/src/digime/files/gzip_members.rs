//! Which bytes of a gzip file are its members: those that Node's zlib takes for them, one after another up to a zero.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

/// The content of all members of a gzip file.
pub(crate) struct Members<R: Read>(State<R>);

enum State<R: Read> {
    Within(Box<GzDecoder<BufReader<R>>>),
    /// Behind a member: another may follow.
    Behind(BufReader<R>),
    /// What follows is padding. Only its end shows that the file is whole.
    Padding(BufReader<R>),
    /// In the midst of a change.
    Changing,
}

impl<R: Read> Members<R> {
    pub(crate) fn new(file: R) -> Self {
        Self(State::Within(Box::new(GzDecoder::new(BufReader::new(
            file,
        )))))
    }
}

impl<R: Read> Read for Members<R> {
    /// A reader that would block is asked again from where it stands.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match &mut self.0 {
                State::Within(member) => {
                    let length = member.read(buffer)?;
                    if length > 0 {
                        return Ok(length);
                    }
                    if let State::Within(member) = self.change() {
                        self.0 = State::Behind(member.into_inner());
                    }
                }
                State::Behind(rest) => {
                    let next = rest.fill_buf()?.first().copied();
                    if let State::Behind(rest) = self.change() {
                        self.0 = match next {
                            None | Some(0) => State::Padding(rest),
                            Some(_) => State::Within(Box::new(GzDecoder::new(rest))),
                        };
                    }
                }
                State::Padding(rest) => {
                    io::copy(rest, &mut io::sink())?;
                    return Ok(0);
                }
                State::Changing => return Ok(0),
            }
        }
    }
}

impl<R: Read> Members<R> {
    fn change(&mut self) -> State<R> {
        std::mem::replace(&mut self.0, State::Changing)
    }
}
