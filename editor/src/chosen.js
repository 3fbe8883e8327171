// The lines of what is chosen in another pane.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";

/// {from, to}, or null for nothing.
export const setChosen = StateEffect.define();

const linked = Decoration.line({ class: "is-linked" });

export const chosen = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    lines = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setChosen)) continue;
      if (!effect.value) {
        lines = Decoration.none;
        continue;
      }
      const { doc } = transaction.state;
      const [first, last] = [doc.lineAt(effect.value.from), doc.lineAt(effect.value.to)];
      const ranges = [];
      for (let number = first.number; number <= last.number; number++) ranges.push(linked.range(doc.line(number).from));
      lines = Decoration.set(ranges);
    }
    return lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});
