//! A database as somebody sees it who looks into it by other means than the SDK.

use std::error::Error;
use std::path::Path;

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, Value as Cell};
use rusqlite::{Connection, params_from_iter};
use serde_json::Value;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls};

use super::store::postgres;

/// A connection.
pub enum Database {
    File(Connection),
    Server(Client),
}

/// A row, from its first column to its last.
pub type Row = Vec<Value>;

/// A statement that would have left two records with the same unique columns.
#[derive(Debug, PartialEq, Eq)]
pub struct NotUnique;

impl Database {
    pub fn file(path: &Path) -> Self {
        Self::File(Connection::open(path).unwrap())
    }

    pub async fn server() -> Self {
        Self::at(&postgres()).await
    }

    pub async fn at(address: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
        // It ends with the client.
        tokio::spawn(async move { connection.await.unwrap() });
        Self::Server(client)
    }

    /// Runs statements.
    pub async fn run(&self, sql: &str) {
        match self {
            Self::File(file) => file.execute_batch(sql).unwrap(),
            Self::Server(server) => server.batch_execute(sql).await.unwrap(),
        }
    }

    /// What a statement finds.
    pub async fn rows(&self, sql: &str, params: &[Value]) -> Vec<Row> {
        match self {
            Self::File(file) => {
                let mut statement = file.prepare(&numbered(sql)).unwrap();
                let columns = statement.column_count();
                let params = params_from_iter(params.iter().map(Param));
                let rows = statement.query_map(params, |row| {
                    Ok((0..columns)
                        .map(|column| json(row.get_unwrap(column)))
                        .collect())
                });
                rows.unwrap().map(Result::unwrap).collect()
            }
            Self::Server(server) => {
                let params: Vec<_> = params.iter().map(Param).collect();
                let params: Vec<_> = params
                    .iter()
                    .map(|param| param as &(dyn ToSql + Sync))
                    .collect();
                let rows = server.query(sql, &params).await.unwrap();
                rows.iter().map(row).collect()
            }
        }
    }

    /// The one value that a statement finds.
    pub async fn value(&self, sql: &str) -> Value {
        let mut rows = self.rows(sql, &[]).await;
        rows.pop().unwrap().pop().unwrap()
    }

    /// How many rows a statement has changed.
    pub async fn change(&self, sql: &str, params: &[Value]) -> Result<u64, NotUnique> {
        match self {
            Self::File(file) => {
                let params = params_from_iter(params.iter().map(Param));
                match file.execute(&numbered(sql), params) {
                    Ok(changed) => Ok(changed as u64),
                    Err(error) => {
                        let code = error.sqlite_error().unwrap().extended_code;
                        assert_eq!(code, rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE, "{error}");
                        Err(NotUnique)
                    }
                }
            }
            Self::Server(server) => {
                let params: Vec<_> = params.iter().map(Param).collect();
                let params: Vec<_> = params
                    .iter()
                    .map(|param| param as &(dyn ToSql + Sync))
                    .collect();
                server.execute(sql, &params).await.map_err(|error| {
                    let unique = &tokio_postgres::error::SqlState::UNIQUE_VIOLATION;
                    assert_eq!(error.code(), Some(unique), "{error}");
                    NotUnique
                })
            }
        }
    }
}

/// SQLite takes `$1` for a name.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn json(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => number.into(),
        Cell::Real(number) => number.into(),
        Cell::Text(text) => text.into(),
        Cell::Blob(_) => panic!("no table has such a column"),
    }
}

fn row(row: &tokio_postgres::Row) -> Row {
    let columns = row.columns().iter().enumerate();
    let values = columns.map(|(index, column)| match *column.type_() {
        Type::TEXT => row.get::<_, Option<String>>(index).into(),
        Type::INT8 => row.get::<_, Option<i64>>(index).into(),
        Type::INT4 => row.get::<_, Option<i32>>(index).into(),
        Type::BOOL => row.get::<_, Option<bool>>(index).into(),
        ref other => panic!("no table has a column of type {other}"),
    });
    values.collect()
}

#[derive(Debug)]
struct Param<'a>(&'a Value);

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Owned(Cell::Null),
            Value::Number(number) => number.as_i64().unwrap().into(),
            Value::String(text) => text.as_str().into(),
            other => panic!("no statement has {other}"),
        })
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Number(number) => number.as_i64().unwrap().to_sql(kind, out),
            Value::String(text) => text.as_str().to_sql(kind, out),
            other => panic!("no statement has {other}"),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
