import HTML
import Support

/// A row of marks for each model, one mark a fold or another division of the rows, with the mean and the
/// deviation above them.
///
/// Many marks are small, and are spread upwards and downwards, so that equal scores can be told apart.
struct FoldChart: Chart {
  struct Row {
    var name: String
    var style: SeriesStyle
    var scores: [Double]
    var mean: Double
    var deviation: Double
    /// How far the interval of the mean reaches; only the table of numbers has it.
    var reach: Double?
  }

  var title: String
  var summary: String
  var axisTitle: String
  var rows: [Row]

  private static let mostOnALine = 30

  /// From -1 to 1, and evenly spread however many marks there are: multiples of the golden ratio.
  private static func offset(_ number: Int) -> Double {
    let turns = Double(number) * 0.618_033_988_749_895
    return 2 * (turns - turns.rounded(.down)) - 1
  }

  private var width: Double { 440 }
  private var rowHeight: Double { 40 }
  var size: (width: Double, height: Double) { (width, Double(rows.count) * rowHeight + 50) }

  var content: HTML {
    let c = NumberText.coordinate
    let numbers = rows.flatMap { $0.scores + [$0.mean - $0.deviation, $0.mean + $0.deviation] }
      .filter(\.isFinite)
    let domain = Ticks.niceDomain((numbers.min() ?? 0)...(numbers.max() ?? 1), count: 4)
    let frame = RowFrame(
      names: rows.map(\.name), rowHeight: rowHeight, axis: Axis(axisTitle, domain, tickCount: 4),
      nameLimit: width * 0.36, margin: 16, right: width - 18, width: width)
    let scale = frame.scale
    frame.grid
    for (index, row) in rows.enumerated() {
      let middle = frame.middle(index)
      let (low, high) = (row.mean - row.deviation, row.mean + row.deviation)
      frame.name(row.name, x: frame.left - 10, y: middle + 4)
      stroke(
        "M\(c(scale.position(low))) \(c(middle - 9))H\(c(scale.position(high)))"
          + "M\(c(scale.position(row.mean))) \(c(middle - 14))v10", "\(row.style.colorClass) line")
      let isCrowded = row.scores.count > Self.mostOnALine
      for (number, score) in row.scores.enumerated() where score.isFinite {
        row.style.marker(
          x: scale.position(score),
          y: middle + 7 + (isCrowded ? 8 * Self.offset(number) : 0), radius: isCrowded ? 1.8 : 3.6)
      }
    }
    stroke("M\(c(frame.left)) \(c(frame.bottom))H\(c(width - 18))", "axis")
    frame.below
  }
}
