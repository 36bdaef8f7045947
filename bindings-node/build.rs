//! Tells the linker how a Node add-on is made.

fn main() {
    napi_build::setup();
}
