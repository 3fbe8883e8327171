//! What is compared, each facet by itself. Order counts nowhere: the ORMs keep sets.

use serde_json::{Map, Value, json};

/// One thing to compare.
pub(crate) struct Facet {
    /// Its name, for the list of gaps.
    pub(crate) name: &'static str,
    /// Whether it also counts where the ORM rejects the models.
    pub(crate) also_of_rejected: bool,
    /// What of a schema document is compared.
    pub(crate) view: fn(&Value) -> Value,
}

/// All facets.
pub(crate) static FACETS: &[Facet] = &[
    Facet {
        name: "verdict",
        also_of_rejected: true,
        view: |document| json!(document["ok"] == json!(true)),
    },
    Facet { name: "diagnostics", also_of_rejected: true, view: diagnostics },
    Facet { name: "forward", also_of_rejected: false, view: forward },
    Facet { name: "reverse", also_of_rejected: false, view: reverse },
    Facet { name: "through", also_of_rejected: false, view: through },
    Facet { name: "tables", also_of_rejected: false, view: tables },
    Facet { name: "ddl", also_of_rejected: false, view: ddl },
];

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn sorted(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<Value> = values.collect();
    values.sort_by_key(Value::to_string);
    Value::Array(values)
}

fn truth(value: &Value) -> Value {
    json!(*value == json!(true))
}

/// Django: check ids with their objects. The others: exception classes.
fn diagnostics(document: &Value) -> Value {
    let counts = |entry: &&Value| {
        matches!(entry["level"].as_str(), Some("error" | "warning" | "exception"))
            && entry["from"].as_str() != Some("runner")
    };
    let django = document["orm"] == json!("django");
    sorted(items(document, "diagnostics").filter(counts).filter_map(|entry| {
        if django && !entry["id"].is_null() {
            Some(json!([entry["id"], entry["object"]]))
        } else if entry["exception"].is_null() {
            None
        } else {
            Some(json!([entry["exception"], null]))
        }
    }))
}

fn per_model(document: &Value, view: fn(&Value) -> Value) -> Value {
    let relations = document["relations"].as_object().into_iter().flatten();
    Value::Object(relations.map(|(model, relations)| (model.clone(), view(relations))).collect())
}

fn forward(document: &Value) -> Value {
    per_model(document, |relations| {
        let field = |item: &Value| {
            let through =
                if item["through"].is_null() { &item["through_table"] } else { &item["through"] };
            (
                item["field"].as_str().unwrap_or_default().to_owned(),
                json!([item["kind"], item["target"], through]),
            )
        };
        Value::Object(items(relations, "forward").map(field).collect())
    })
}

fn reverse(document: &Value) -> Value {
    per_model(document, |relations| {
        sorted(items(relations, "reverse").map(|item| {
            json!([
                item["accessor"],
                item["query_name"],
                item["kind"],
                item["source"],
                item["source_field"]
            ])
        }))
    })
}

fn through(document: &Value) -> Value {
    sorted(items(document, "through_models").map(|model| {
        json!([
            model["model"],
            model["table"],
            sorted(items(model, "columns").cloned()),
            truth(&model["unique"])
        ])
    }))
}

fn by_name(document: &Value, view: fn(&Value) -> Value) -> Value {
    let tables = items(document, "tables")
        .map(|table| (table["name"].as_str().unwrap_or_default().to_owned(), view(table)));
    Value::Object(tables.collect())
}

fn tables(document: &Value) -> Value {
    by_name(document, |table| {
        let columns: Map<String, Value> = items(table, "columns")
            .map(|column| {
                let facts = json!([
                    column["type"],
                    truth(&column["null"]),
                    truth(&column["primary_key"]),
                    truth(&column["unique"])
                ]);
                (column["name"].as_str().unwrap_or_default().to_owned(), facts)
            })
            .collect();
        let keys = items(table, "foreign_keys").map(|key| {
            json!([key["column"], key["ref_table"], key["ref_column"], key["on_delete"]])
        });
        let groups = items(table, "unique_together")
            .map(|group| sorted(group.as_array().into_iter().flatten().cloned()));
        json!({ "columns": columns, "foreign_keys": sorted(keys), "unique_together": sorted(groups) })
    })
}

/// The ORM's own SQL, word for word.
fn ddl(document: &Value) -> Value {
    by_name(document, |table| json!([table["ddl"], sorted(items(table, "index_ddl").cloned())]))
}
