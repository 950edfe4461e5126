//! The page: chapters, journeys, pictures in a grid, papers. Not here: what is right (the robot).

use crate::robot::journey::{Chapter, Journey};
use crate::robot::walk::{Shot, Walked};
use std::fmt::Write as _;

const CHAPTERS: [(Chapter, &str, &str); 4] = [
    (Chapter::Errand, "办事", "从轻触屏幕到拿到纸：每一步一张画面。"),
    (Chapter::Break, "中断", "断网、断电、关机以后：填好的、交上的都还在，也不会交两次。"),
    (Chapter::BadDay, "不顺的一天", "出了岔子时，屏幕说发生了什么、保住了什么、现在怎么办。"),
    (Chapter::Look, "给每个人看", "语言、字号、颜色和方向。"),
];

/// The whole page.
pub fn page(walked: &[(Journey, Walked)]) -> String {
    let right = walked.iter().filter(|(_, walk)| walk.right).count();
    let pictures: usize = walked.iter().map(|(_, walk)| walk.steps.len()).sum();
    let papers: usize = walked.iter().map(|(_, walk)| walk.documents.len()).sum();
    let mut html = String::new();
    let _ = write!(
        html,
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>一门：机器人走过的路</title><style>{}</style></head><body>\
         <header><p class=\"mark\">一门</p><h1>机器人走过的路</h1>\
         <p>一个单独的进程，只看得见屏幕上的字，只按看得见的键，在真的办公室前走完下面 {} 条路。交上去的，另有民警在浏览器里打开，看到的附在后面。</p>\
         <ul class=\"sums\"><li><b>{right} / {}</b> 条走通</li><li><b>{pictures}</b> 张画面</li><li><b>{papers}</b> 份纸</li></ul></header><nav>",
        include_str!("style.css"),
        walked.len(),
        walked.len()
    );
    for (journey, walk) in walked {
        let _ = write!(html, "<a class=\"{}\" href=\"#{}\">{}</a>", mark(walk), journey.id, escape(&journey.title));
    }
    html.push_str("</nav><main>");
    for (chapter, title, line) in CHAPTERS {
        let mut journeys = walked.iter().filter(|(journey, _)| journey.chapter == chapter).peekable();
        if journeys.peek().is_none() {
            continue;
        }
        let _ = write!(html, "<h2>{title}</h2><p class=\"lead\">{line}</p>");
        for (journey, walk) in journeys {
            section(&mut html, journey, walk);
        }
    }
    html.push_str("</main><footer>人名、号码、住址都是虚构的。每张纸上都印着“演示样张”。</footer></body></html>");
    html
}

fn section(html: &mut String, journey: &Journey, walk: &Walked) {
    let _ = write!(
        html,
        "<section id=\"{}\"><h3>{} <span class=\"end {}\">{}</span></h3><p>{} <span class=\"quiet\">{:.1} 秒</span></p><div class=\"grid\">",
        journey.id,
        escape(&journey.title),
        mark(walk),
        escape(&walk.outcome),
        escape(&journey.about),
        walk.took.as_secs_f32()
    );
    for (n, shot) in walk.steps.iter().enumerate() {
        figure(html, n + 1, shot);
    }
    html.push_str("</div>");
    if !walk.office.is_empty() {
        html.push_str("<h4>窗口那一侧：民警看到的</h4><div class=\"grid wide\">");
        for (n, shot) in walk.office.iter().enumerate() {
            figure(html, n + 1, shot);
        }
        html.push_str("</div>");
    }
    if !walk.documents.is_empty() {
        html.push_str("<h4>打印出来的</h4><div class=\"papers\">");
        for document in &walk.documents {
            let thumbnail = document.strip_suffix(".pdf").unwrap_or(document);
            let _ = write!(
                html,
                "<a href=\"{document}\"><img loading=\"lazy\" src=\"{thumbnail}.png\" alt=\"打印出来的纸\"></a>"
            );
        }
        html.push_str("</div>");
    }
    html.push_str("</section>");
}

fn figure(html: &mut String, n: usize, shot: &Shot) {
    let _ = write!(
        html,
        "<figure><a href=\"{0}\"><img loading=\"lazy\" src=\"{0}\" alt=\"{1}\"></a><figcaption><b>{n}</b> {1}</figcaption></figure>",
        shot.picture,
        escape(&shot.after)
    );
}

fn mark(walk: &Walked) -> &'static str {
    if walk.right { "right" } else { "wrong" }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_break_out_of_the_page() {
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
