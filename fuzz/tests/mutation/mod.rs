//! Inputs made of a corpus and a dictionary, the same in every run.

use std::fs;
use std::path::Path;

/// No input is longer.
const LONGEST: usize = 4096;

pub struct Mutator {
    corpus: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
    state: u64,
}

impl Mutator {
    pub fn new(target: &str, corpus: Vec<Vec<u8>>) -> Self {
        let seed = target
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self {
            corpus,
            words: dictionary(target),
            state: seed,
        }
    }

    pub fn next(&mut self) -> Vec<u8> {
        let chosen = self.below(self.corpus.len());
        let mut input = self.corpus[chosen].clone();
        for _ in 0..=self.below(6) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        // What has changed a little is changed again: so inputs wander.
        if self.below(8) == 0 && self.corpus.len() < 512 {
            self.corpus.push(input.clone());
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let byte = u8::try_from(self.below(256)).unwrap();
        match self.below(10) {
            0 | 1 => {
                if let Some(there) = input.get_mut(at) {
                    *there ^= 1 << (byte % 8);
                }
            }
            2 => {
                if let Some(there) = input.get_mut(at) {
                    *there = byte;
                }
            }
            3 => input.insert(at, byte),
            4 => {
                let end = input.len().min(at + self.below(16));
                input.drain(at..end);
            }
            5 => {
                let end = input.len().min(at + self.below(64));
                let part = input[at..end].to_vec();
                let to = self.below(input.len() + 1);
                input.splice(to..to, part);
            }
            6 => {
                let other = self.below(self.corpus.len());
                let from = self.below(self.corpus[other].len() + 1);
                let rest = self.corpus[other][from..].to_vec();
                input.truncate(at);
                input.extend(rest);
            }
            7 => {
                let random: Vec<u8> = (0..self.below(32)).map(|_| self.byte()).collect();
                input.splice(at..at, random);
            }
            _ if !self.words.is_empty() => {
                let chosen = self.below(self.words.len());
                let word = self.words[chosen].clone();
                let end = if byte % 2 == 0 {
                    at
                } else {
                    input.len().min(at + word.len())
                };
                input.splice(at..end, word);
            }
            _ => input.truncate(at),
        }
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    /// A number from 0 up to this, by xorshift64*.
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let number = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % bound.max(1)
    }
}

/// The words of a dictionary as libFuzzer has them: each in quotes, in a line of its own.
fn dictionary(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries");
    let text = fs::read_to_string(folder.join(format!("{target}.dict"))).unwrap_or_default();
    let words = text
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    words.map(word).collect()
}

fn word(quoted: &str) -> Vec<u8> {
    let mut word = Vec::new();
    let mut rest = quoted.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, left) = match (first, after) {
            (b'\\', [b'x', high, low, left @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                (u8::from_str_radix(digits, 16).unwrap(), left)
            }
            (b'\\', [escaped, left @ ..]) => (*escaped, left),
            _ => (*first, after),
        };
        word.push(byte);
        rest = left;
    }
    word
}
