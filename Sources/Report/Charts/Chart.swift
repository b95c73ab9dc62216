import HTML
import Support

/// A chart: values that know how to draw themselves.
protocol Chart: Sendable {
  /// What it shows, in a few words.
  var title: String { get }
  /// What a person who cannot see it needs to know.
  var summary: String { get }
  var size: (width: Double, height: Double) { get }
  /// What is drawn, in a space that begins at 0, 0 in the upper left corner.
  @HTMLBuilder var content: HTML { get }
}

/// A chart as an SVG image with its title and description.
///
/// - Parameter id: a name that nothing else on the page has.
func drawing(_ chart: any Chart, id: String) -> HTML {
  let (width, height) = chart.size
  // Wider than that its letters would be larger than the page's own.
  let largestWidth = NumberText.coordinate((width * 1.25).rounded())
  return svg(
    .class("drawing"), .xmlns, .role("img"), .ariaLabelledBy("\(id)-title \(id)-desc"),
    .viewBox(width: width, height: height), .width(width), .height(height),
    .style("max-width:\(largestWidth)px")
  ) {
    title(.id(id + "-title")) { chart.title }
    desc(.id(id + "-desc")) { chart.summary }
    chart.content
  }
}
