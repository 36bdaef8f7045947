//! Prints the description of the whole surface, for the type printers of the bindings.

fn main() {
    println!("{:#}", digime_sdk::describe::describe());
}
