import HTML

/// The page for a problem outside the form.
///
/// - Parameter root: the way to the form.
func problemPage(_ problem: Problem, status: Int, _ frame: PageFrame, root: String) -> HTML {
  let heading =
    switch status {
    case 404: "Page not found"
    case 503: "Not ready"
    default: "The request failed"
    }
  return page(title: "\(heading) (\(status))", frame, root: root) {
    h1 { heading }
    p(.class("lead")) { problem.message.prefix(1).uppercased() + problem.message.dropFirst() + "." }
    p(.class("actions")) { a(.href(root)) { "Go to the form" } }
  }
}
