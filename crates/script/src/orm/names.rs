//! Names with names below them, as paths with `__` are read.

/// Names, each with those below it; `None` for all of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(pub(crate) Vec<(String, Option<Names>)>);

impl Names {
    /// Of paths: `translate_list_to_dict`.
    pub(crate) fn of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let mut out = Self::default();
        for path in paths {
            out.put(path);
        }
        out
    }

    fn put(&mut self, path: &str) {
        let (name, beyond) = match path.split_once("__") {
            Some((name, beyond)) => (name, Some(beyond)),
            None => (path, None),
        };
        if !self.has(name) {
            self.0.push((name.to_owned(), None));
        }
        let found = self.0.iter_mut().find(|(known, _)| known == name);
        if let (Some((_, below)), Some(beyond)) = (found, beyond) {
            below.get_or_insert_default().put(beyond);
        }
    }

    /// The names as paths.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (name, below) in &self.0 {
            match below {
                Some(below) => {
                    out.extend(below.paths().iter().map(|path| format!("{name}__{path}")))
                }
                None => out.push(name.clone()),
            }
        }
        out
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Whether all of it is named, not only what is below.
    pub(crate) fn whole(&self, name: &str) -> bool {
        self.0.iter().any(|(known, below)| {
            known == name
                && below.as_ref().is_none_or(|below| below.0.len() == 1 && below.has("__all__"))
        })
    }

    /// What is said of what is below a name.
    pub(crate) fn below(&self, name: &str) -> Option<&Self> {
        self.0.iter().find(|(known, _)| known == name)?.1.as_ref()
    }

    /// Without what the other names.
    pub(crate) fn without(&mut self, other: &Self) {
        for (name, below) in &other.0 {
            let Some(at) = self.0.iter().position(|(known, _)| known == name) else { continue };
            let left = match (self.0.get_mut(at), below) {
                (Some((_, Some(mine))), Some(below)) => {
                    mine.without(below);
                    !mine.0.is_empty()
                }
                _ => false,
            };
            if !left {
                self.0.remove(at);
            }
        }
    }
}
