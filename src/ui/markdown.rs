//! The little Markdown that the project's own documentation uses: headings, paragraphs, lists, code.

use leptos::prelude::*;

use super::CodeText;

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
enum Block {
    Heading(String),
    Paragraph(String),
    Item(String),
    Code(String),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut code: Option<String> = None;
    let mut fresh = true;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            match code.take() {
                Some(done) => blocks.push(Block::Code(done)),
                None => code = Some(String::new()),
            }
            fresh = true;
        } else if let Some(code) = &mut code {
            code.push_str(line);
            code.push('\n');
        } else if line.trim().is_empty() {
            fresh = true;
        } else if let Some(heading) =
            line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'))
        {
            blocks.push(Block::Heading(heading.into()));
            fresh = true;
        } else if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
            blocks.push(Block::Item(item.into()));
            fresh = false;
        } else {
            match blocks.last_mut().filter(|_| !fresh) {
                Some(Block::Paragraph(text) | Block::Item(text)) => {
                    text.push(' ');
                    text.push_str(line.trim());
                }
                Some(Block::Heading(_) | Block::Code(_)) | None => {
                    blocks.push(Block::Paragraph(line.trim().into()))
                }
            }
            fresh = false;
        }
    }
    blocks.extend(code.map(Block::Code));
    blocks
}

/// Shows the text. Links and emphasis are left as they are written.
#[component]
pub fn Markdown(
    /// The text.
    text: &'static str,
) -> impl IntoView {
    let block = |block: Block| match block {
        Block::Heading(text) => view! { <p class="docs-heading"><CodeText text /></p> }.into_any(),
        Block::Paragraph(text) => {
            view! { <p><CodeText text=text.replace("**", "") /></p> }.into_any()
        }
        Block::Item(text) => {
            view! { <p class="docs-item"><CodeText text=text.replace("**", "") /></p> }.into_any()
        }
        Block::Code(text) => {
            view! { <div class="why-code">{text.trim_end().to_owned()}</div> }.into_any()
        }
    };
    view! { <div class="docs">{blocks(text).into_iter().map(block).collect_view()}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_paragraph_belong_together() {
        let text = "# What\nOne\ntwo.\n\n- a\n  b\n- c\n\n```python\nx = 1\n```\n";
        let wanted = [
            Block::Heading("What".into()),
            Block::Paragraph("One two.".into()),
            Block::Item("a b".into()),
            Block::Item("c".into()),
            Block::Code("x = 1\n".into()),
        ];
        assert_eq!(blocks(text), wanted);
    }
}
