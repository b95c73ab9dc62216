import HTML
import Support

/// A row of marks for each model, one mark a fold, with the mean and the deviation above them.
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
      for score in row.scores where score.isFinite {
        row.style.marker(x: scale.position(score), y: middle + 7, radius: 3.6)
      }
    }
    stroke("M\(c(frame.left)) \(c(frame.bottom))H\(c(width - 18))", "axis")
    frame.below
  }
}
