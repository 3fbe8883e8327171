// <sql-editor>: a small CodeMirror for one script, with the names of tables and columns at hand.
//
// The page sets text, names and the place of an error; the element answers with events: edit {text}, run.
// It keeps its own history, as what is queried is no part of the models. Offsets are UTF-16.

import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { SQLDialect, keywordCompletionSource, schemaCompletionSource } from "@codemirror/lang-sql";
import { HighlightStyle, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, keymap, placeholder, tooltips } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { theme } from "./theme.js";
import { typingOver } from "./typing.js";

const fromPage = Annotation.define();

/// What the engine understands; a word that is none of its own is not coloured as if it were.
const dialect = SQLDialect.define({
  keywords:
    "add all alter and as asc begin between by cascade case cast check column commit constraint create cross default delete desc distinct drop else end " +
    "except exists false foreign from full group having if in index inner insert intersect into is join key left like limit not null nulls offset on or " +
    "order outer over partition primary recursive references restrict returning right rollback savepoint select set table then to true union unique update " +
    "using values when where with",
  types: "bigint blob boolean date decimal double integer json numeric precision real text time timestamp uuid varchar",
  doubleQuotedStrings: false,
  identifierQuotes: '"',
});

const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.typeName], color: "var(--syn-keyword)" },
  { tag: tags.string, color: "var(--syn-string)" },
  // A name in quotes.
  { tag: tags.special(tags.string), color: "var(--text)" },
  { tag: tags.number, color: "var(--syn-number)" },
  { tag: tags.comment, color: "var(--syn-comment)" },
]);

const look = EditorView.theme({
  "&": { height: "100%" },
  ".cm-scroller": { font: "var(--c-12)", lineHeight: "18px" },
  ".cm-content": { padding: "8px 0" },
  ".cm-line": { padding: "0 12px" },
  ".cm-placeholder": { color: "var(--text-subtle)" },
  ".cm-tooltip.cm-tooltip-autocomplete": { border: "1px solid var(--border)", borderRadius: "var(--r-node)", backgroundColor: "var(--float)", boxShadow: "var(--shadow-float)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "192px", minWidth: "160px", padding: "4px", font: "var(--c-12)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px", borderRadius: "var(--r-control)", color: "var(--text-muted)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--text)" },
  ".cm-completionMatchedText": { color: "var(--accent)", textDecoration: "none" },
  ".cm-completionDetail": { color: "var(--text-subtle)", fontStyle: "normal" },
});

const setError = StateEffect.define();

/// The place of the last error, until the text changes.
const error = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setError)) return effect.value;
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

class SqlEditor extends HTMLElement {
  #view;
  #names = new Compartment();

  connectedCallback() {
    if (this.#view) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const tell = (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: "",
        extensions: [
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: (view) => (closeCompletion(view), tell("run"), true) }])),
          history(),
          error,
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          dialect.language,
          this.#names.of([]),
          autocompletion({ icons: false }),
          syntaxHighlighting(highlighting),
          look,
          theme,
          placeholder("SELECT …"),
          // Fixed, so that what is offered is not cut off at the pane's edge.
          tooltips({ position: "fixed" }),
          typingOver,
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ "aria-label": this.getAttribute("label") ?? "SQL", spellcheck: "false", autocapitalize: "off", tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            const ours = update.transactions.some((transaction) => transaction.annotation(fromPage));
            if (update.docChanged && !ours) tell("edit", { text: this.value });
          }),
        ],
      }),
    });
  }

  disconnectedCallback() {
    this.#view?.destroy();
    this.#view = undefined;
  }

  get value() {
    return this.#view?.state.doc.toString() ?? "";
  }

  /// Shows a text that the page has changed.
  setText(text) {
    if (this.value === text) return;
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text }, annotations: fromPage.of(true) });
  }

  /// Offers these tables, each a list of its columns' names.
  setNames(tables) {
    const config = { dialect, schema: tables };
    const sources = [schemaCompletionSource(config), keywordCompletionSource(dialect, true)];
    const offer = sources.map((autocomplete) => dialect.language.data.of({ autocomplete }));
    this.#view.dispatch({ effects: this.#names.reconfigure(offer) });
  }

  /// Underlines the place of an error; none where `from` is negative.
  setError(from, to, kind) {
    const length = this.#view.state.doc.length;
    let marks = Decoration.none;
    if (from >= 0 && length > 0) {
      // An error at the very end still shows at the last character.
      const start = Math.min(from, length - 1);
      const end = Math.max(Math.min(to, length), start + 1);
      marks = Decoration.set([Decoration.mark({ class: kind }).range(start, end)]);
    }
    this.#view.dispatch({ effects: setError.of(marks) });
  }

  /// Puts the caret at an offset, and the focus into the editor.
  goTo(offset) {
    const anchor = Math.min(offset, this.#view.state.doc.length);
    this.#view.dispatch({ selection: { anchor }, scrollIntoView: true });
    this.#view.focus();
  }
}

customElements.define("sql-editor", SqlEditor);
