import Templates

/// The report's templates; each is a file in the folder Templates.
enum ReportTemplate: String, CaseIterable {
  case circle
  case command
  case drawing
  case facts
  case figure
  case folded
  case grid
  case heading
  case label
  case legend
  case legendLine = "legend-line"
  case metricTable = "metric-table"
  case noScore = "no-score"
  case note
  case notedTable = "noted-table"
  case page
  case path
  case polygon
  case rect
  case score
  case scrollingTable = "scrolling-table"
  case section
  case swatch
  case table
  case turnedLabel = "turned-label"

  static let library = TemplateLibrary(
    Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.source) }))

  private var source: [UInt8] {
    switch self {
    case .circle: PackageResources.circle_mustache
    case .command: PackageResources.command_mustache
    case .drawing: PackageResources.drawing_mustache
    case .facts: PackageResources.facts_mustache
    case .figure: PackageResources.figure_mustache
    case .folded: PackageResources.folded_mustache
    case .grid: PackageResources.grid_mustache
    case .heading: PackageResources.heading_mustache
    case .label: PackageResources.label_mustache
    case .legend: PackageResources.legend_mustache
    case .legendLine: PackageResources.legend_line_mustache
    case .metricTable: PackageResources.metric_table_mustache
    case .noScore: PackageResources.no_score_mustache
    case .note: PackageResources.note_mustache
    case .notedTable: PackageResources.noted_table_mustache
    case .page: PackageResources.page_mustache
    case .path: PackageResources.path_mustache
    case .polygon: PackageResources.polygon_mustache
    case .rect: PackageResources.rect_mustache
    case .score: PackageResources.score_mustache
    case .scrollingTable: PackageResources.scrolling_table_mustache
    case .section: PackageResources.section_mustache
    case .swatch: PackageResources.swatch_mustache
    case .table: PackageResources.table_mustache
    case .turnedLabel: PackageResources.turned_label_mustache
    }
  }
}

extension Piece {
  init(_ template: ReportTemplate, _ values: KeyValuePairs<String, (any Value)?> = [:]) {
    self.init(template: template.rawValue, values)
  }
}
