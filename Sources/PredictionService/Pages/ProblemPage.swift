import HTML

/// The page for what went wrong outside the form.
func problemPage(_ problem: Problem, status: Int) -> HTML {
  let heading =
    switch status {
    case 404: "Nothing here"
    case 503: "Not ready"
    default: "That did not work"
    }
  return page(title: "\(heading) (\(status))") {
    h1 { heading }
    p(.class("lead")) { problem.message.prefix(1).uppercased() + problem.message.dropFirst() + "." }
    p(.class("actions")) { a(.href("/")) { "To the form" } }
  }
}
