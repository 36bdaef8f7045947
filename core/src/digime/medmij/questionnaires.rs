//! What is asked of answers to questionnaires: the Task by which the provider has asked, and what has become of it.

use super::finding::{FindingSeverity, Look, Rule};
use crate::document::tree::At;

const STATUS: Rule = Rule {
    name: "task-status",
    asks: "a Task is completed where its answers come with it, and else accepted, rejected or failed",
};
const OUTPUT: Rule = Rule {
    name: "task-output",
    asks: "a Task that is completed has an output, which refers to the QuestionnaireResponse",
};

pub(super) fn check_task(look: &mut Look<'_>, task: At, is_answered: bool) {
    let status = look.tree.text(task, "status");
    let fits = match status.as_deref() {
        Some("completed") => is_answered,
        Some("accepted" | "rejected" | "failed") => !is_answered,
        _ => false,
    };
    if !fits {
        look.lacks(&STATUS, FindingSeverity::Warning, task, "status");
    }
    let output = look.tree.member(task, "output");
    let refers = output.is_some_and(|output| {
        look.tree
            .items(output)
            .any(|output| look.tree.member(output, "valueReference").is_some())
    });
    if is_answered && !refers {
        look.lacks(&OUTPUT, FindingSeverity::Warning, task, "output");
    }
}
