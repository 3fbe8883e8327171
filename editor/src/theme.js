// The editor in the page's tokens; so both themes come from tokens.css.

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.self], color: "var(--syn-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--syn-string)" },
  { tag: tags.number, color: "var(--syn-number)" },
  { tag: [tags.comment, tags.docString], color: "var(--syn-comment)" },
  { tag: [tags.definition(tags.className), tags.function(tags.definition(tags.variableName))], fontWeight: "500" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.className], color: "var(--syn-type)" },
]);

export const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "var(--c-13)", lineHeight: "20px", overflow: "auto" },
  ".cm-content": { padding: "0 0 40px", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 8px 0 0" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--text-subtle)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "30px", padding: "0 2px 0 0", font: "var(--c-11)", lineHeight: "20px", fontVariantNumeric: "tabular-nums" },
  ".cm-foldGutter .cm-gutterElement": { width: "12px", textAlign: "center", cursor: "pointer", color: "var(--text-subtle)", lineHeight: "18px" },
  ".cm-marks": { width: "3px", marginRight: "5px" },
  ".cm-marks .is-error": { backgroundColor: "var(--error)" },
  ".cm-marks .is-warning": { backgroundColor: "var(--warning)" },
  ".cm-marks .is-info": { backgroundColor: "var(--info)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--raised) 70%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text)" },
  ".cm-line.is-linked": { backgroundColor: "var(--accent-soft)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--hover)" },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": { backgroundColor: "var(--pressed)", outline: "none" },
  "&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket": { backgroundColor: "var(--error-soft)" },
  ".cm-foldPlaceholder": { margin: "0 4px", padding: "0 6px", border: "0", borderRadius: "3px", backgroundColor: "var(--sunken)", color: "var(--text-muted)" },
  ".squiggle": { textDecoration: "underline wavy 1px var(--error)", textUnderlineOffset: "3px", textDecorationSkipInk: "none" },
  ".squiggle-warning": { textDecorationColor: "var(--warning)" },
  ".squiggle-info": { textDecorationColor: "var(--info)" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)", font: "var(--t-12)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--border)" },
  ".cm-panel.cm-search": { padding: "6px 32px 6px 12px" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label": { margin: "2px 6px 2px 0", font: "var(--t-12)" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", gap: "4px", minHeight: "24px" },
  ".cm-textfield": { height: "24px", padding: "0 8px", border: "1px solid var(--border-strong)", borderRadius: "4px", backgroundColor: "var(--surface)", color: "var(--text)" },
  ".cm-button": { height: "24px", padding: "0 8px", border: "1px solid var(--border)", borderRadius: "4px", background: "var(--surface)", color: "var(--text)", fontWeight: "500" },
  ".cm-button:hover": { background: "var(--hover)" },
  ".cm-textfield:focus-visible, .cm-button:focus-visible, .cm-panel button:focus-visible, .cm-panel input:focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-panel.cm-search [name=close]": { top: "6px", right: "8px", width: "24px", height: "24px", margin: "0", color: "var(--text-muted)", cursor: "pointer" },
  ".cm-searchMatch": { backgroundColor: "var(--warning-soft)", outline: "1px solid var(--warning)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--selection)" },
});
