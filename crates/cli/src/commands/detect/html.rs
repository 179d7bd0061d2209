//! A summary as a page that needs no other file: bars as SVG, in a light and a dark scheme.

use std::fmt::Write as _;

use crate::{
    commands::detect::{
        sections::{Section, grouped, heading, percent, sections, totals, why},
        summary::{Summary, Suspicious},
    },
    messages,
    print::{self, markup},
};

const STYLE: &str = include_str!("page.css");

/// The page.
pub(super) fn page(summary: &Summary) -> String {
    let title = markup(&messages::text("Scripts and regions"));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
        messages::tag()
    );
    for line in totals(summary) {
        page.push_str(&format!("<p>{}</p>\n", markup(&line)));
    }
    for section in sections(summary) {
        add_section(&section, &mut page);
    }
    if let Some(heading) = heading(summary) {
        page.push_str(&format!("<h2>{}</h2>\n<table>\n", markup(&heading)));
        for suspicious in summary.worst() {
            add_suspicious(suspicious, &mut page);
        }
        page.push_str("</table>\n");
    }
    page + "</body>\n</html>"
}

fn add_section(section: &Section, page: &mut String) {
    page.push_str(&format!("<h2>{}</h2>\n<table>\n", markup(&section.title)));
    for row in &section.rows {
        // The meanings are the library's, in English.
        let meaning = match row.meaning {
            "" => String::new(),
            _ if !messages::is_english() => String::new(),
            meaning => format!("<br><span class=\"soft\">{}</span>", markup(meaning)),
        };
        let (label, texts, share) = (markup(&row.label), grouped(row.texts), percent(row.share));
        // A string takes all that is written.
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{label}{meaning}</th><td class=\"number\">{texts}</td>\
             <td class=\"number\">{}</td><td class=\"bar\">{}</td></tr>",
            markup(&share),
            bar(row.share)
        );
    }
    page.push_str("</table>\n");
}

/// The bar of a share. One that is not 0 is seen.
fn bar(share: f64) -> String {
    let width = if share > 0.0 { (share * 1000.0).max(2.0) } else { 0.0 };
    format!(
        "<svg viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">\
         <rect class=\"track\" width=\"1000\" height=\"20\"/><rect class=\"bar\" width=\"{width:.0}\" height=\"20\"/></svg>",
        markup(&percent(share))
    )
}

fn add_suspicious(suspicious: &Suspicious, page: &mut String) {
    let place = &suspicious.place;
    let line = place.line.map_or_else(String::new, |line| format!(":{line}"));
    let beginning = match &*place.beginning {
        "" => String::new(),
        beginning => format!("<br><span lang=\"zh\">{}</span>", markup(&print::escape(beginning))),
    };
    let _ = writeln!(
        page,
        "<tr><td class=\"place\">{}{line}</td><td>{}{beginning}</td></tr>",
        markup(&print::escape(&place.path)),
        markup(&why(suspicious))
    );
}

#[cfg(test)]
mod tests {
    use fanjian::detect;

    use super::*;
    use crate::commands::detect::summary::Place;

    #[test]
    fn a_page_has_no_markup_of_others_and_no_links() {
        let mut summary = Summary::new(true, 3);
        let place = || Place { path: "<b>&".to_owned(), line: Some(2), beginning: "头<script>髮\u{202e}".to_owned() };
        summary.add(detect("头髮"), None, place);
        let page = page(&summary);
        assert!(page.contains("&lt;b&gt;&amp;:2") && page.contains("头&lt;script&gt;髮\\u{202e}"), "{page}");
        assert!(!page.contains("<script") && !page.contains("http") && !page.contains("url("), "{page}");
        assert_eq!(page.matches("<rect class=\"bar\"").count(), 1 + 1 + 6 + 2);
    }
}
