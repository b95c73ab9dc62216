import Templates

/// How one of several series is told from the others: by colour, and by dashes and a marker for those
/// who do not see the colour or the print has none.
///
/// The colours follow Okabe and Ito's palette, darkened or lightened until each stands out from a
/// white and a dark ground by 3 : 1 at least; `PageStyle` names them.
///
/// - SeeAlso: Okabe and Ito, "Color universal design", 2008, https://jfly.uni-koeln.de/color/.
public struct SeriesStyle: Hashable, Sendable {
  /// The number of styles; after the last the first comes again.
  public static let count = 8

  private let index: Int
  private let dashIndex: Int

  public init(_ index: Int) {
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

  /// The CSS class that sets the colour.
  var colorClass: String { "s\(index)" }

  /// Lengths of strokes and gaps; `nil` for a line without gaps.
  var dashes: String? {
    [nil, "8 3", "2 2.5", "9 3 2 3", "5 2", "12 4", "1.5 4", "9 2 2 2 2 2"][dashIndex]
  }

  /// The style's marker around a point.
  ///
  /// - Parameter radius: about half of the marker's width.
  func marker(x: Double, y: Double, radius: Double) -> Piece {
    let c = NumberText.coordinate
    func shape(_ corners: [(Double, Double)]) -> Piece {
      let points = corners.map { "\(c(x + $0.0 * radius)),\(c(y + $0.1 * radius))" }
      return Piece(
        .polygon, ["class": "\(colorClass) mark", "points": points.joined(separator: " ")])
    }
    return switch index {
    case 0:
      Piece(
        .circle, ["class": "\(colorClass) mark", "x": c(x), "y": c(y), "radius": c(radius)])
    case 1: shape([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case 2: shape([(0, -1.15), (1.05, 0.8), (-1.05, 0.8)])
    case 3: shape([(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)])
    case 4: shape([(0, 1.15), (1.05, -0.8), (-1.05, -0.8)])
    case 5: shape([(-1.3, -0.6), (1.3, -0.6), (1.3, 0.6), (-1.3, 0.6)])
    case 6: shape([(-0.6, -1.3), (0.6, -1.3), (0.6, 1.3), (-0.6, 1.3)])
    default:
      shape([
        (-1.1, -0.5), (-0.5, -1.1), (0.5, -1.1), (1.1, -0.5), (1.1, 0.5), (0.5, 1.1),
        (-0.5, 1.1), (-1.1, 0.5),
      ])
    }
  }

  /// A short piece of line with the marker on it, for legends and tables.
  func swatch(withLine: Bool = true) -> Piece {
    let line: [Piece] =
      withLine ? [.stroke("M1 7H33", classes: "\(colorClass) line", dashes: dashes)] : []
    return Piece(
      .swatch,
      [
        "width": withLine ? "34" : "14",
        "parts": line + [marker(x: withLine ? 17 : 7, y: 7, radius: 4)],
      ])
  }
}

extension Piece {
  /// A line along a path.
  static func stroke(_ path: String, classes: String, dashes: String? = nil) -> Piece {
    Piece(.path, ["class": classes, "d": path, "dashes": dashes])
  }

  /// The title of a horizontal axis: under its middle, but not beyond the drawing's edges.
  static func axisTitle(_ title: String, center: Double, y: Double, width: Double) -> Piece {
    let text = TextFit.shortened(title, width: width - 8, size: 12)
    let half = TextFit.width(text, size: 12) / 2 + 4
    return .label(
      text, x: min(max(center, half), width - half), y: y, anchor: "middle", classes: "axis-title")
  }

  /// Text in a drawing.
  ///
  /// - Parameter anchor: `start`, `middle` or `end`: which part of the text stands at `x`.
  static func label(
    _ text: String, x: Double, y: Double, anchor: String = "start", classes: String = "tick"
  ) -> Piece {
    Piece(
      .label,
      [
        "class": classes, "x": NumberText.coordinate(x), "y": NumberText.coordinate(y),
        "anchor": anchor, "text": text,
      ])
  }

  /// Text in a drawing that runs upwards.
  static func turnedLabel(
    _ text: String, x: Double, y: Double, anchor: String, classes: String
  ) -> Piece {
    Piece(
      .turnedLabel,
      [
        "class": classes, "x": NumberText.coordinate(x), "y": NumberText.coordinate(y),
        "anchor": anchor, "text": text,
      ])
  }
}
