//! Tests that need a browser, but not the whole page; `tests/` has them. Here is what they share with the bench.

/// A models file of `count` models, each with plain fields and with relations to models before and after it.
pub fn models_source(count: usize) -> String {
    let mut source = String::from("from django.db import models\n");
    for number in 0..count {
        let (next, other) = ((number + 1) % count, (number * 7 + 3) % count);
        source += &format!(
            "\n\nclass Model{number}(models.Model):\n    \
             name = models.CharField(max_length=100)\n    \
             code = models.SlugField(unique=True)\n    \
             amount = models.DecimalField(max_digits=8, decimal_places=2, default=0)\n    \
             made = models.DateTimeField(auto_now_add=True)\n    \
             note = models.TextField(blank=True)\n    \
             following = models.ForeignKey(\"Model{next}\", on_delete=models.CASCADE, related_name=\"before_{number}\")\n    \
             others = models.ManyToManyField(\"Model{other}\", related_name=\"others_{number}\")\n"
        );
    }
    source
}
