//! Which of the parser's statements are read: those that the engine has. `Parser::parse_statement` knows a hundred more, all of which would be
//! downloaded with it.

use gluesql_core::sqlparser::ast::{ObjectType, Statement};
use gluesql_core::sqlparser::keywords::Keyword;
use gluesql_core::sqlparser::parser::{Parser, ParserError};
use gluesql_core::sqlparser::tokenizer::Token;

type Parsed = Result<Statement, ParserError>;

/// Reads one statement.
pub(super) fn parse(parser: &mut Parser<'_>) -> Parsed {
    let first = parser.next_token();
    let keyword = match &first.token {
        Token::Word(word) => word.keyword,
        Token::LParen => Keyword::SELECT,
        _ => Keyword::NoKeyword,
    };
    match keyword {
        Keyword::SELECT | Keyword::WITH | Keyword::VALUES => {
            parser.prev_token();
            parser.parse_query().map(Statement::Query)
        }
        Keyword::INSERT => parser.parse_insert(),
        Keyword::REPLACE => parser.parse_replace(),
        Keyword::UPDATE => parser.parse_update(),
        Keyword::DELETE => parser.parse_delete(),
        Keyword::TRUNCATE => parser.parse_truncate(),
        Keyword::CREATE => create(parser),
        Keyword::DROP => drop(parser),
        Keyword::ALTER => alter(parser),
        Keyword::BEGIN => parser.parse_begin(),
        Keyword::START => parser.parse_start_transaction(),
        Keyword::COMMIT => parser.parse_commit(),
        Keyword::END => parser.parse_end(),
        Keyword::ROLLBACK => parser.parse_rollback(),
        Keyword::SAVEPOINT => parser.parse_savepoint(),
        Keyword::RELEASE => parser.parse_release(),
        _ => parser.expected("an SQL statement", first),
    }
}

fn create(parser: &mut Parser<'_>) -> Parsed {
    let or_replace = parser.parse_keywords(&[Keyword::OR, Keyword::REPLACE]);
    let temporary = parser.parse_one_of_keywords(&[Keyword::TEMP, Keyword::TEMPORARY]).is_some();
    let unique = parser.parse_keyword(Keyword::UNIQUE);
    if unique {
        parser.expect_keyword(Keyword::INDEX)?;
        return parser.parse_create_index(true);
    }
    if parser.parse_keyword(Keyword::TABLE) {
        parser.parse_create_table(or_replace, temporary, None, false)
    } else if parser.parse_keyword(Keyword::MATERIALIZED) || parser.parse_keyword(Keyword::VIEW) {
        parser.prev_token();
        parser.parse_create_view(or_replace, temporary)
    } else if !or_replace && parser.parse_keyword(Keyword::INDEX) {
        parser.parse_create_index(false)
    } else {
        parser.expected("TABLE, INDEX or VIEW after CREATE", parser.peek_token())
    }
}

fn drop(parser: &mut Parser<'_>) -> Parsed {
    let temporary = parser.parse_keyword(Keyword::TEMPORARY);
    let object_type = if parser.parse_keyword(Keyword::TABLE) {
        ObjectType::Table
    } else if parser.parse_keyword(Keyword::VIEW) {
        ObjectType::View
    } else if parser.parse_keyword(Keyword::INDEX) {
        ObjectType::Index
    } else {
        return parser.expected("TABLE, INDEX or VIEW after DROP", parser.peek_token());
    };
    let if_exists = parser.parse_keywords(&[Keyword::IF, Keyword::EXISTS]);
    let names = parser.parse_comma_separated(|parser| parser.parse_object_name(false))?;
    let cascade = parser.parse_keyword(Keyword::CASCADE);
    let restrict = !cascade && parser.parse_keyword(Keyword::RESTRICT);
    Ok(Statement::Drop {
        object_type,
        if_exists,
        names,
        cascade,
        restrict,
        purge: false,
        temporary,
    })
}

fn alter(parser: &mut Parser<'_>) -> Parsed {
    if !parser.parse_keyword(Keyword::TABLE) {
        return parser.expected("TABLE after ALTER", parser.peek_token());
    }
    let if_exists = parser.parse_keywords(&[Keyword::IF, Keyword::EXISTS]);
    let only = parser.parse_keyword(Keyword::ONLY);
    let name = parser.parse_object_name(false)?;
    let operations = parser.parse_comma_separated(Parser::parse_alter_table_operation)?;
    Ok(Statement::AlterTable {
        name,
        if_exists,
        only,
        operations,
        location: None,
        on_cluster: None,
    })
}

/// What the first two words of a statement begin that other databases have and the engine has not, and what to write instead.
pub(super) fn unsupported(first: &str, second: &str) -> Option<(&'static str, &'static str)> {
    const STATEMENTS: &str = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER and DROP TABLE, CREATE INDEX, CREATE VIEW, BEGIN, COMMIT, ROLLBACK and SAVEPOINT are";
    Some(match (first, second) {
        ("CREATE" | "DROP" | "ALTER", "TRIGGER") => {
            ("triggers are", "write the statements themselves")
        }
        ("CREATE", "VIRTUAL") => ("virtual tables are", "create an ordinary table"),
        ("CREATE" | "DROP" | "ALTER", "FUNCTION" | "PROCEDURE" | "MACRO" | "AGGREGATE") => {
            ("functions of your own are", "write the expression itself")
        }
        ("CREATE" | "DROP" | "ALTER", "SCHEMA" | "DATABASE") => {
            ("schemas are", "all tables stand side by side")
        }
        ("CREATE" | "DROP" | "ALTER", "SEQUENCE") => {
            ("sequences are", "declare the column INTEGER PRIMARY KEY AUTOINCREMENT")
        }
        ("CREATE" | "DROP" | "ALTER", "TYPE" | "DOMAIN") => {
            ("types of your own are", "use TEXT with a CHECK")
        }
        (
            "CREATE" | "DROP" | "ALTER",
            "POLICY" | "ROLE" | "USER" | "EXTENSION" | "EXTERNAL" | "SECRET" | "STAGE" | "RULE",
        )
        | ("ALTER", "INDEX" | "VIEW") => ("this statement is", STATEMENTS),
        ("PRAGMA", _) => ("PRAGMA is", "foreign keys are always enforced here"),
        ("EXPLAIN" | "DESCRIBE" | "DESC", _) => ("EXPLAIN is", "run the query itself"),
        ("MERGE", _) => ("MERGE is", "use INSERT … ON CONFLICT"),
        ("SHOW", _) => ("SHOW is", "the Tables tab shows them"),
        ("ATTACH" | "DETACH" | "VACUUM" | "REINDEX" | "ANALYZE", _) => {
            ("this statement is", "there is nothing to maintain here")
        }
        (
            "ASSERT" | "CACHE" | "CALL" | "CLOSE" | "COMMENT" | "COPY" | "DEALLOCATE" | "DECLARE"
            | "DISCARD" | "DO" | "EXEC" | "EXECUTE" | "FETCH" | "FLUSH" | "GRANT" | "INSTALL"
            | "KILL" | "LISTEN" | "LOAD" | "LOCK" | "NOTIFY" | "OPTIMIZE" | "PREPARE" | "REVOKE"
            | "SET" | "UNCACHE" | "UNLISTEN" | "UNLOAD" | "USE",
            _,
        ) => ("this statement is", STATEMENTS),
        _ => return None,
    })
}
