//! A document's values and where each stands, found in one pass over its text and without recursion, whatever its depth.

use std::borrow::Cow;
use std::ops::Range;

use super::Document;

/// The values of a document, each before what is in it.
pub(crate) struct Tree<'a> {
    text: &'a str,
    nodes: Vec<Node>,
}

/// A value: its number in its tree. The whole document is 0.
pub(crate) type At = usize;

struct Node {
    text: Range<usize>,
    parent: Option<At>,
    step: Step,
    /// The first value that is not in this one.
    after: At,
}

/// What leads to a value from the one that it is in.
enum Step {
    Root,
    /// A name as it stands there, with its quotes.
    Name(Range<usize>),
    Index(usize),
}

impl<'a> Tree<'a> {
    pub(crate) fn of(document: &'a Document) -> Self {
        let text = document.text();
        let mut reading = Reading {
            text: text.as_bytes(),
            nodes: Vec::new(),
            open: Vec::new(),
            name: None,
        };
        reading.all();
        Self {
            text,
            nodes: reading.nodes,
        }
    }

    /// All values, each before what is in it.
    pub(crate) fn all(&self) -> Range<At> {
        0..self.nodes.len()
    }

    /// What is in a value, one level deep.
    pub(crate) fn inside(&self, at: At) -> impl Iterator<Item = At> + '_ {
        let after = self.nodes[at].after;
        let first = Some(at + 1).filter(|next| *next < after);
        std::iter::successors(first, move |next| {
            Some(self.nodes[*next].after).filter(|next| *next < after)
        })
    }

    /// The member of an object that has this name: of several the last, as most readers take it.
    pub(crate) fn member(&self, at: At, name: &str) -> Option<At> {
        let found = self
            .inside(at)
            .filter(|member| self.is_named(*member, name));
        found.last()
    }

    /// What several names, one after the other, lead to.
    pub(crate) fn along(&self, at: At, names: &[&str]) -> Option<At> {
        names
            .iter()
            .try_fold(at, |inside, name| self.member(inside, name))
    }

    /// The items of an array; none of what is no array.
    pub(crate) fn items(&self, at: At) -> impl Iterator<Item = At> + '_ {
        self.inside(at).filter(move |_| self.is_array(at))
    }

    pub(crate) fn is_object(&self, at: At) -> bool {
        self.begins_with(at, b'{')
    }

    pub(crate) fn is_array(&self, at: At) -> bool {
        self.begins_with(at, b'[')
    }

    pub(crate) fn is_number(&self, at: At) -> bool {
        let first = self.raw(at).as_bytes().first();
        first.is_some_and(|byte| *byte == b'-' || byte.is_ascii_digit())
    }

    /// The text that a JSON string stands for; none where it is empty, no string, or no text.
    pub(crate) fn string(&self, at: At) -> Option<Cow<'a, str>> {
        unquoted(self.raw(at)).filter(|text| !text.is_empty())
    }

    /// The text that a member of this name stands for.
    pub(crate) fn text(&self, at: At, name: &str) -> Option<Cow<'a, str>> {
        self.string(self.member(at, name)?)
    }

    /// The name of a member, or, of what is in an array, that of the array.
    pub(crate) fn element(&self, at: At) -> Option<Cow<'a, str>> {
        let node = &self.nodes[at];
        match &node.step {
            Step::Root => None,
            Step::Name(name) => unquoted(&self.text[name.clone()]),
            Step::Index(_) => match &self.nodes[node.parent?].step {
                Step::Name(name) => unquoted(&self.text[name.clone()]),
                _ => None,
            },
        }
    }

    /// Where a value stands: `entry[2].resource.subject`. A name that is none of an element of FHIR's is shown as `?`, since it may be anything,
    /// and of a path that is very long its begin.
    pub(crate) fn path(&self, at: At) -> String {
        const LONGEST: usize = 64;
        let mut steps = Vec::new();
        let mut next = Some(at);
        while let Some(at) = next {
            steps.push(&self.nodes[at].step);
            next = self.nodes[at].parent;
        }
        let mut path = String::new();
        for (depth, step) in steps.iter().rev().enumerate() {
            if depth > LONGEST {
                path.push('…');
                break;
            }
            match step {
                Step::Root => {}
                Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
                Step::Name(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    let name = unquoted(&self.text[name.clone()]);
                    path.push_str(
                        name.as_deref()
                            .filter(|name| is_element(name))
                            .unwrap_or("?"),
                    );
                }
            }
        }
        path
    }

    fn raw(&self, at: At) -> &'a str {
        &self.text[self.nodes[at].text.clone()]
    }

    fn begins_with(&self, at: At, byte: u8) -> bool {
        self.raw(at).as_bytes().first() == Some(&byte)
    }

    fn is_named(&self, at: At, name: &str) -> bool {
        match &self.nodes[at].step {
            Step::Name(own) => unquoted(&self.text[own.clone()]).is_some_and(|own| own == name),
            Step::Root | Step::Index(_) => false,
        }
    }
}

/// Whether a name can be that of an element of FHIR's, whose names are words of letters.
fn is_element(name: &str) -> bool {
    name.len() <= 64
        && name
            .strip_prefix('_')
            .unwrap_or(name)
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic())
}

/// The text of a JSON string; none of what is no string, or has a lone surrogate.
fn unquoted(raw: &str) -> Option<Cow<'_, str>> {
    let inside = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inside.contains('\\') {
        serde_json::from_str(raw).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inside))
    }
}

/// The pass over a text that is known to be JSON.
struct Reading<'a> {
    text: &'a [u8],
    nodes: Vec<Node>,
    /// The objects and arrays that are not at their end, and how many items each has.
    open: Vec<(At, usize)>,
    name: Option<Range<usize>>,
}

impl Reading<'_> {
    fn all(&mut self) {
        let mut place = 0;
        while let Some(byte) = self.text.get(place) {
            place = match byte {
                b'{' | b'[' => {
                    let at = self.begin(place);
                    self.open.push((at, 0));
                    place + 1
                }
                b'}' | b']' => {
                    if let Some((at, _)) = self.open.pop() {
                        self.end(at, place + 1);
                    }
                    place + 1
                }
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => place + 1,
                b'"' => {
                    let end = self.end_of_string(place);
                    if self.is_name() {
                        self.name = Some(place..end);
                    } else {
                        let at = self.begin(place);
                        self.end(at, end);
                    }
                    end
                }
                _ => {
                    let at = self.begin(place);
                    let rest = &self.text[place..];
                    let ends = |byte: &u8| {
                        matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r')
                    };
                    let length = rest.iter().position(ends).unwrap_or(rest.len());
                    self.end(at, place + length);
                    place + length
                }
            };
        }
    }

    /// Whether a string that begins now is the name of a member.
    fn is_name(&self) -> bool {
        let inside_object = self
            .open
            .last()
            .is_some_and(|(at, _)| self.text[self.nodes[*at].text.start] == b'{');
        inside_object && self.name.is_none()
    }

    fn begin(&mut self, place: usize) -> At {
        let at = self.nodes.len();
        let parent = self.open.last().map(|(parent, _)| *parent);
        let step = match (self.name.take(), self.open.last_mut()) {
            (Some(name), _) => Step::Name(name),
            (None, Some((_, items))) => {
                let index = *items;
                *items += 1;
                Step::Index(index)
            }
            (None, None) => Step::Root,
        };
        self.nodes.push(Node {
            text: place..place,
            parent,
            step,
            after: at + 1,
        });
        at
    }

    fn end(&mut self, at: At, place: usize) {
        let after = self.nodes.len();
        let node = &mut self.nodes[at];
        node.text.end = place;
        node.after = after;
    }

    fn end_of_string(&self, begin: usize) -> usize {
        let mut place = begin + 1;
        while let Some(byte) = self.text.get(place) {
            match byte {
                b'"' => return place + 1,
                b'\\' => place += 2,
                _ => place += 1,
            }
        }
        self.text.len()
    }
}
