//! Expressions and type names as text: for headings of results, and for what a schema keeps of its CHECKs and DEFAULTs.
//!
//! The AST could write itself, but an expression may hold a query and a query any statement, so all of that would be downloaded. Here a query is `SELECT …`;
//! in a schema's expressions there is none.

use gluesql_core::sqlparser::ast::{
    CastKind, CeilFloorKind, CharacterLength, DataType, DateTimeField, DuplicateTreatment, Expr,
    Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments, ObjectName,
    OrderByExpr, TimezoneInfo, TrimWhereField, UnaryOperator, Value, WindowFrameBound, WindowType,
};

use super::{number, unmark};

/// What stands for a part that has no text here.
const LEFT_OUT: &str = "…";

/// An expression as one would write it.
pub(crate) fn expression(ast: &Expr) -> String {
    let mut text = Text(String::new());
    text.expr(ast);
    unmark(&text.0)
}

/// Whether a query was left out of such a text.
pub(crate) fn hides_query(text: &str) -> bool {
    text.contains("SELECT …")
}

/// A type name in capitals.
pub(crate) fn type_name(data_type: &DataType) -> String {
    unmark(&type_text(data_type)).to_uppercase()
}

/// A literal that the engine reads as this one.
pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::Number(number, _) => number::written(number),
        Value::SingleQuotedString(text)
        | Value::EscapedStringLiteral(text)
        | Value::NationalStringLiteral(text)
        | Value::UnicodeStringLiteral(text) => quoted(text),
        Value::DollarQuotedString(text) => quoted(&text.value),
        Value::HexStringLiteral(digits) => format!("X'{digits}'"),
        Value::Boolean(truth) => truth.to_string(),
        Value::Null => "NULL".to_owned(),
        Value::Placeholder(name) => name.clone(),
        _ => LEFT_OUT.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

struct Text(String);

impl Text {
    fn put(&mut self, text: &str) -> &mut Self {
        self.0.push_str(text);
        self
    }

    fn name(&mut self, name: &ObjectName) {
        for (at, ident) in name.0.iter().enumerate() {
            self.put(if at == 0 { "" } else { "." }).put(&ident.to_string());
        }
    }

    fn list(&mut self, list: &[Expr]) -> &mut Self {
        for (at, expr) in list.iter().enumerate() {
            self.put(if at == 0 { "" } else { ", " }).expr(expr);
        }
        self
    }

    /// An expression between two texts.
    fn around(&mut self, before: &str, expr: &Expr, after: &str) -> &mut Self {
        self.put(before).expr(expr);
        self.put(after)
    }

    fn not(&mut self, negated: bool) -> &mut Self {
        self.put(if negated { " NOT " } else { " " })
    }

    fn expr(&mut self, ast: &Expr) {
        match ast {
            Expr::Identifier(ident) => self.put(&ident.to_string()),
            Expr::CompoundIdentifier(parts) => {
                self.name(&ObjectName(parts.clone()));
                self
            }
            Expr::Value(value) => self.put(&literal(value)),
            Expr::TypedString { data_type, value } => {
                self.put(&type_text(data_type)).put(" ").put(&quoted(value))
            }
            Expr::Nested(inner) => self.around("(", inner, ")"),
            Expr::Tuple(list) => self.put("(").list(list).put(")"),
            Expr::IsTrue(inner) => self.around("", inner, " IS TRUE"),
            Expr::IsNotTrue(inner) => self.around("", inner, " IS NOT TRUE"),
            Expr::IsFalse(inner) => self.around("", inner, " IS FALSE"),
            Expr::IsNotFalse(inner) => self.around("", inner, " IS NOT FALSE"),
            Expr::IsNull(inner) => self.around("", inner, " IS NULL"),
            Expr::IsNotNull(inner) => self.around("", inner, " IS NOT NULL"),
            Expr::IsUnknown(inner) => self.around("", inner, " IS UNKNOWN"),
            Expr::IsNotUnknown(inner) => self.around("", inner, " IS NOT UNKNOWN"),
            Expr::IsDistinctFrom(left, right) => {
                self.around("", left, " IS DISTINCT FROM ").around("", right, "")
            }
            Expr::IsNotDistinctFrom(left, right) => {
                self.around("", left, " IS NOT DISTINCT FROM ").around("", right, "")
            }
            Expr::InList { expr, list, negated } => {
                self.around("", expr, "").not(*negated).put("IN (").list(list).put(")")
            }
            Expr::InSubquery { expr, subquery: _, negated } => {
                self.around("", expr, "").not(*negated).put("IN (SELECT …)")
            }
            Expr::Between { expr, negated, low, high } => self
                .around("", expr, "")
                .not(*negated)
                .around("BETWEEN ", low, " AND ")
                .around("", high, ""),
            Expr::BinaryOp { left, op, right } => {
                self.around("", left, " ").put(&op.to_string()).around(" ", right, "")
            }
            Expr::UnaryOp { op, expr } => {
                self.put(&op.to_string());
                // Two of them would begin a comment.
                let apart = *op == UnaryOperator::Not || matches!(**expr, Expr::UnaryOp { .. });
                self.around(if apart { " " } else { "" }, expr, "")
            }
            Expr::Like { negated, expr, pattern, escape_char, any: _ } => {
                self.like("LIKE ", expr, *negated, pattern, escape_char.as_deref())
            }
            Expr::ILike { negated, expr, pattern, escape_char, any: _ } => {
                self.like("ILIKE ", expr, *negated, pattern, escape_char.as_deref())
            }
            Expr::AnyOp { left, compare_op, right, is_some } => {
                let quantifier = if *is_some { " SOME " } else { " ANY " };
                self.around("", left, " ")
                    .put(&compare_op.to_string())
                    .around(quantifier, right, "")
            }
            Expr::AllOp { left, compare_op, right } => {
                self.around("", left, " ").put(&compare_op.to_string()).around(" ALL ", right, "")
            }
            Expr::Cast { kind: CastKind::DoubleColon, expr, data_type, .. } => {
                self.around("", expr, "::").put(&type_text(data_type))
            }
            Expr::Cast { expr, data_type, .. } => {
                self.around("CAST(", expr, " AS ").put(&type_text(data_type)).put(")")
            }
            Expr::Extract { field, expr, .. } => {
                self.put("EXTRACT(").put(&field.to_string()).around(" FROM ", expr, ")")
            }
            Expr::Ceil { expr, field } => self.around("CEIL(", expr, "").rounded(field),
            Expr::Floor { expr, field } => self.around("FLOOR(", expr, "").rounded(field),
            Expr::Position { expr, r#in } => {
                self.around("POSITION(", expr, " IN ").around("", r#in, ")")
            }
            Expr::Substring { expr, substring_from, substring_for, special } => {
                let [from, long] = if *special { [", ", ", "] } else { [" FROM ", " FOR "] };
                self.around("SUBSTRING(", expr, "");
                self.optional(from, substring_from.as_deref());
                self.optional(long, substring_for.as_deref()).put(")")
            }
            Expr::Trim { expr, trim_where, trim_what, trim_characters } => {
                self.put("TRIM(").put(match trim_where {
                    None => "",
                    Some(TrimWhereField::Both) => "BOTH ",
                    Some(TrimWhereField::Leading) => "LEADING ",
                    Some(TrimWhereField::Trailing) => "TRAILING ",
                });
                if let Some(what) = trim_what {
                    self.around("", what, " FROM ");
                }
                self.around("", expr, "");
                for character in trim_characters.iter().flatten() {
                    self.around(", ", character, "");
                }
                self.put(")")
            }
            Expr::Case { operand, conditions, results, else_result } => {
                self.put("CASE").optional(" ", operand.as_deref());
                for (condition, result) in conditions.iter().zip(results) {
                    self.around(" WHEN ", condition, " THEN ").around("", result, "");
                }
                self.optional(" ELSE ", else_result.as_deref()).put(" END")
            }
            Expr::Function(function) => self.function(function),
            Expr::Exists { subquery: _, negated } => {
                self.put(if *negated { "NOT " } else { "" }).put("EXISTS (SELECT …)")
            }
            Expr::Subquery(_) => self.put("(SELECT …)"),
            Expr::Collate { expr, collation } => {
                self.around("", expr, " COLLATE ").name(collation);
                self
            }
            _ => self.put(LEFT_OUT),
        };
    }

    fn optional(&mut self, before: &str, expr: Option<&Expr>) -> &mut Self {
        match expr {
            Some(expr) => self.around(before, expr, ""),
            None => self,
        }
    }

    fn like(
        &mut self,
        operator: &str,
        expr: &Expr,
        negated: bool,
        pattern: &Expr,
        escape: Option<&str>,
    ) -> &mut Self {
        self.around("", expr, "").not(negated).around(operator, pattern, "");
        match escape {
            Some(escape) => self.put(" ESCAPE ").put(&quoted(escape)),
            None => self,
        }
    }

    fn rounded(&mut self, field: &CeilFloorKind) -> &mut Self {
        match field {
            CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => self,
            CeilFloorKind::DateTimeField(field) => self.put(" TO ").put(&field.to_string()),
            CeilFloorKind::Scale(scale) => self.put(", ").put(&scale.to_string()),
        }
        .put(")")
    }

    fn function(&mut self, function: &Function) -> &mut Self {
        self.name(&function.name);
        match &function.args {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(_) => {
                self.put("(SELECT …)");
            }
            FunctionArguments::List(list) => {
                self.put("(").put(match list.duplicate_treatment {
                    Some(DuplicateTreatment::Distinct) => "DISTINCT ",
                    Some(DuplicateTreatment::All) => "ALL ",
                    None => "",
                });
                for (at, argument) in list.args.iter().enumerate() {
                    self.put(if at == 0 { "" } else { ", " });
                    match argument {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.expr(expr),
                        FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => {
                            self.put("*");
                        }
                        _ => {
                            self.put(LEFT_OUT);
                        }
                    }
                }
                for clause in &list.clauses {
                    match clause {
                        FunctionArgumentClause::OrderBy(order) => self.order(" ORDER BY ", order),
                        FunctionArgumentClause::Separator(separator) => {
                            self.put(" SEPARATOR ").put(&literal(separator))
                        }
                        _ => self.put(" ").put(LEFT_OUT),
                    };
                }
                self.put(")");
            }
        }
        if let Some(filter) = &function.filter {
            self.around(" FILTER (WHERE ", filter, ")");
        }
        match &function.over {
            None => self,
            Some(WindowType::NamedWindow(name)) => self.put(" OVER ").put(&name.to_string()),
            Some(WindowType::WindowSpec(spec)) => {
                self.put(" OVER (");
                let mut apart = "";
                if !spec.partition_by.is_empty() {
                    self.put("PARTITION BY ").list(&spec.partition_by);
                    apart = " ";
                }
                if !spec.order_by.is_empty() {
                    self.put(apart).order("ORDER BY ", &spec.order_by);
                    apart = " ";
                }
                if let Some(frame) = &spec.window_frame {
                    self.put(apart).put(&frame.units.to_string()).put(" ");
                    match &frame.end_bound {
                        None => self.bound(&frame.start_bound),
                        Some(end) => {
                            self.put("BETWEEN ").bound(&frame.start_bound).put(" AND ").bound(end)
                        }
                    };
                }
                self.put(")")
            }
        }
    }

    fn bound(&mut self, bound: &WindowFrameBound) -> &mut Self {
        match bound {
            WindowFrameBound::CurrentRow => self.put("CURRENT ROW"),
            WindowFrameBound::Preceding(None) => self.put("UNBOUNDED PRECEDING"),
            WindowFrameBound::Following(None) => self.put("UNBOUNDED FOLLOWING"),
            WindowFrameBound::Preceding(Some(rows)) => self.around("", rows, " PRECEDING"),
            WindowFrameBound::Following(Some(rows)) => self.around("", rows, " FOLLOWING"),
        }
    }

    fn order(&mut self, before: &str, order: &[OrderByExpr]) -> &mut Self {
        for (at, key) in order.iter().enumerate() {
            self.around(if at == 0 { before } else { ", " }, &key.expr, "");
            self.put(match key.asc {
                Some(true) => " ASC",
                Some(false) => " DESC",
                None => "",
            });
            self.put(match key.nulls_first {
                Some(true) => " NULLS FIRST",
                Some(false) => " NULLS LAST",
                None => "",
            });
        }
        self
    }
}

/// The name of a type that the engine has, as it may be declared; of another, what is told of it.
fn type_text(data_type: &DataType) -> String {
    use DataType as T;
    let (name, size) = match data_type {
        T::Character(size) => ("CHARACTER", characters(size)),
        T::Char(size) => ("CHAR", characters(size)),
        T::CharacterVarying(size) => ("CHARACTER VARYING", characters(size)),
        T::CharVarying(size) => ("CHAR VARYING", characters(size)),
        T::Varchar(size) => ("VARCHAR", characters(size)),
        T::Nvarchar(size) => ("NVARCHAR", characters(size)),
        T::String(size) => ("STRING", length(size)),
        T::CharacterLargeObject(size) => ("CHARACTER LARGE OBJECT", length(size)),
        T::CharLargeObject(size) => ("CHAR LARGE OBJECT", length(size)),
        T::Clob(size) => ("CLOB", length(size)),
        T::Binary(size) => ("BINARY", length(size)),
        T::Varbinary(size) => ("VARBINARY", length(size)),
        T::Blob(size) => ("BLOB", length(size)),
        T::Bytes(size) => ("BYTES", length(size)),
        T::Numeric(info) => ("NUMERIC", info.to_string()),
        T::Decimal(info) => ("DECIMAL", info.to_string()),
        T::Dec(info) => ("DEC", info.to_string()),
        T::Float(size) => ("FLOAT", length(size)),
        T::TinyInt(size) => ("TINYINT", length(size)),
        T::SmallInt(size) => ("SMALLINT", length(size)),
        T::Int2(size) => ("INT2", length(size)),
        T::MediumInt(size) => ("MEDIUMINT", length(size)),
        T::Int(size) => ("INT", length(size)),
        T::Int4(size) => ("INT4", length(size)),
        T::Int8(size) => ("INT8", length(size)),
        T::Integer(size) => ("INTEGER", length(size)),
        T::BigInt(size) => ("BIGINT", length(size)),
        T::UnsignedTinyInt(size) => ("TINYINT", unsigned(size)),
        T::UnsignedSmallInt(size) => ("SMALLINT", unsigned(size)),
        T::UnsignedMediumInt(size) => ("MEDIUMINT", unsigned(size)),
        T::UnsignedInt(size) => ("INT", unsigned(size)),
        T::UnsignedInteger(size) => ("INTEGER", unsigned(size)),
        T::UnsignedBigInt(size) => ("BIGINT", unsigned(size)),
        T::Datetime(size) => ("DATETIME", length(size)),
        T::Time(size, TimezoneInfo::Tz) => ("TIMETZ", length(size)),
        T::Time(size, zone) => ("TIME", length(size) + &zone.to_string()),
        T::Timestamp(size, TimezoneInfo::Tz) => ("TIMESTAMPTZ", length(size)),
        T::Timestamp(size, zone) => ("TIMESTAMP", length(size) + &zone.to_string()),
        T::Custom(name, modifiers) => {
            let mut text = Text(String::new());
            text.name(name);
            if !modifiers.is_empty() {
                text.put("(").put(&modifiers.join(", ")).put(")");
            }
            return text.0;
        }
        plain => (plain_type(plain), String::new()),
    };
    name.to_owned() + &size
}

/// Types that take no size.
fn plain_type(data_type: &DataType) -> &'static str {
    use DataType as T;
    match data_type {
        T::Text => "TEXT",
        T::Uuid => "UUID",
        T::Bytea => "BYTEA",
        T::Float4 => "FLOAT4",
        T::Float8 => "FLOAT8",
        T::Float32 => "FLOAT32",
        T::Float64 => "FLOAT64",
        T::Real => "REAL",
        T::Double => "DOUBLE",
        T::DoublePrecision => "DOUBLE PRECISION",
        T::Int16 => "INT16",
        T::Int32 => "INT32",
        T::Int64 => "INT64",
        T::UInt8 => "UINT8",
        T::UInt16 => "UINT16",
        T::UInt32 => "UINT32",
        T::UInt64 => "UINT64",
        T::Bool => "BOOL",
        T::Boolean => "BOOLEAN",
        T::Date => "DATE",
        T::JSON => "JSON",
        T::JSONB => "JSONB",
        T::Int128 => "INT128",
        T::Int256 => "INT256",
        T::UInt128 => "UINT128",
        T::UInt256 => "UINT256",
        T::Array(_) => "ARRAY",
        T::Enum(_) => "ENUM",
        T::Set(_) => "SET",
        T::Interval => "INTERVAL",
        T::Struct(..) => "STRUCT",
        _ => LEFT_OUT,
    }
}

fn length(size: &Option<u64>) -> String {
    size.map(|size| format!("({size})")).unwrap_or_default()
}

fn unsigned(size: &Option<u64>) -> String {
    length(size) + " UNSIGNED"
}

fn characters(size: &Option<CharacterLength>) -> String {
    size.as_ref().map(|size| format!("({size})")).unwrap_or_default()
}
