//! What a bank has booked, in digi.me's own form.

use serde_json::{Value, json};

use crate::calendar::{date, milliseconds};
use crate::compression::Compression;
use crate::library::document::{Document, Schema};

pub const DOCUMENTS: &[Document] = &[Document {
    object_type: "Transaction",
    schema: Schema::DIGI_ME,
    count: 900,
    compression: Some(Compression::Brotli),
    object: transaction,
}];

fn transaction(number: usize) -> Value {
    let (merchant, category) = [
        ("Bakkerij De Korenaar", "Groceries"),
        ("Spoorwegen", "Transport"),
        ("Energie Oost", "Utilities"),
        ("Boekhandel Het Blad", "Shopping"),
        ("Werkgever BV", "Salary"),
    ][number % 5];
    let is_salary = category == "Salary";
    json!({
        "entityid": format!("50_transaction_{number}"),
        "createddate": milliseconds(number * 4 / 5),
        "transactiondate": date(number * 4 / 5),
        "basetype": if is_salary { "CREDIT" } else { "DEBIT" },
        "amount": if is_salary { 61_250 } else { 350 + number * 131 % 7_900 },
        "currency": "EUR",
        "merchantname": merchant,
        "category": category,
        "ispending": number == 0,
    })
}
