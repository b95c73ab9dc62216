import HTML
import Support

/// How one of several series is told from the others: by colour, and by dashes and a marker for those
/// who do not see the colour or the print has none.
///
/// The colours follow Okabe and Ito's palette, darkened or lightened until each stands out from a
/// white and a dark ground by 3 : 1 at least; `PageStyle` names them.
///
/// - SeeAlso: Okabe and Ito, "Color universal design", 2008, https://jfly.uni-koeln.de/color/.
struct SeriesStyle: Hashable, Sendable {
  /// The number of styles; after the last the first comes again.
  static let count = 8

  private let index: Int
  private let dashIndex: Int

  init(_ index: Int) {
    self.index = index % Self.count
    dashIndex = self.index
  }

  private init(color: Int, dashes: Int) {
    index = color % Self.count
    dashIndex = dashes % Self.count
  }

  /// The style of a class of the data: the later colours, so that none looks like one of the first
  /// models, but the simplest dashes.
  static func ofClass(_ label: Int) -> SeriesStyle {
    SeriesStyle(color: label + 4, dashes: label)
  }

  /// The same colour and marker with other dashes, for a second line of the same series.
  var dashed: SeriesStyle { SeriesStyle(color: index, dashes: dashIndex + 1) }

  /// The CSS class that sets the colour.
  var colorClass: String { "s\(index)" }

  /// Lengths of strokes and gaps; `nil` for a line without gaps.
  var dashes: String? {
    [nil, "8 3", "2 2.5", "9 3 2 3", "5 2", "12 4", "1.5 4", "9 2 2 2 2 2"][dashIndex]
  }

  /// The style's marker around a point.
  ///
  /// - Parameter radius: about half of the marker's width.
  func marker(x: Double, y: Double, radius: Double) -> HTML {
    let c = NumberText.coordinate
    func shape(_ corners: (Double, Double)...) -> HTML {
      let places = corners.map { "\(c(x + $0.0 * radius)),\(c(y + $0.1 * radius))" }
      return polygon(.class("\(colorClass) mark"), .points(places.joined(separator: " ")))
    }
    return switch index {
    case 0: circle(.class("\(colorClass) mark"), .cx(x), .cy(y), .r(radius))
    case 1: shape((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))
    case 2: shape((0, -1.15), (1.05, 0.8), (-1.05, 0.8))
    case 3: shape((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0))
    case 4: shape((0, 1.15), (1.05, -0.8), (-1.05, -0.8))
    case 5: shape((-1.3, -0.6), (1.3, -0.6), (1.3, 0.6), (-1.3, 0.6))
    case 6: shape((-0.6, -1.3), (0.6, -1.3), (0.6, 1.3), (-0.6, 1.3))
    default:
      shape(
        (-1.1, -0.5), (-0.5, -1.1), (0.5, -1.1), (1.1, -0.5), (1.1, 0.5), (0.5, 1.1),
        (-0.5, 1.1), (-1.1, 0.5))
    }
  }

  /// A marker for legends and tables, on a short piece of line where the series is one.
  func swatch(withLine: Bool = true) -> HTML {
    let width: Double = withLine ? 34 : 14
    return svg(
      .class("swatch"), .viewBox(width: width, height: 14), .width(width), .height(14), .ariaHidden
    ) {
      if withLine { stroke("M1 7H33", "\(colorClass) line", dashes: dashes) }
      marker(x: width / 2, y: 7, radius: 4)
    }
  }
}
