//! Protocol and client of the worker.
