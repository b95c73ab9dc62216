import HTML
import Support

// What all charts are drawn with, besides the elements of SVG themselves.

/// A line along a path.
func stroke(_ d: String, _ classes: String, dashes: String? = nil) -> HTML {
  path(.class(classes), .d(d), .strokeDasharray(dashes))
}

/// Which part of a text stands at its place.
enum Anchor: String {
  case start, middle, end
}

/// Text in a drawing: the number at a tick unless the classes say otherwise.
func chartText(
  _ words: String, x: Double, y: Double, _ anchor: Anchor = .start, _ classes: String = "tick"
) -> HTML {
  text(.class(classes), .x(x), .y(y), .textAnchor(anchor.rawValue)) { words }
}

/// Text in a drawing that runs upwards.
func upwardText(
  _ words: String, x: Double, y: Double, _ anchor: Anchor, _ classes: String
) -> HTML {
  let place = "\(NumberText.coordinate(x)) \(NumberText.coordinate(y))"
  return text(
    .class(classes), .textAnchor(anchor.rawValue), .transform("translate(\(place)) rotate(-90)")
  ) { words }
}

/// The title of a horizontal axis: under its middle, but not beyond the drawing's edges.
func titleBelow(_ words: String, center: Double, y: Double, width: Double) -> HTML {
  let shown = TextFit.shortened(words, width: width - 8, size: 12)
  let half = TextFit.width(shown, size: 12) / 2 + 4
  return chartText(
    shown, x: min(max(center, half), width - half), y: y, .middle, "axis-title")
}

/// Numbers below a horizontal axis.
func tickNumbers(_ ticks: (values: [Double], labels: [String]), on scale: Scale, y: Double) -> HTML
{
  HTML {
    for (value, label) in zip(ticks.values, ticks.labels) {
      chartText(label, x: scale.position(value), y: y, .middle)
    }
  }
}
