//! Pure geometry of the diagram.
