import Templates

/// The templates of the pages; each is a file in the folder Templates.
enum ServiceTemplate: String, CaseIterable {
  case answer
  case choiceField = "choice-field"
  case docs
  case drift
  case field
  case form
  case frame
  case monitor
  case notices
  case numberField = "number-field"
  case operation
  case problem
  case problems

  static let library = TemplateLibrary(
    Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.source) }))

  private var source: [UInt8] {
    switch self {
    case .answer: PackageResources.answer_mustache
    case .choiceField: PackageResources.choice_field_mustache
    case .docs: PackageResources.docs_mustache
    case .drift: PackageResources.drift_mustache
    case .field: PackageResources.field_mustache
    case .form: PackageResources.form_mustache
    case .frame: PackageResources.frame_mustache
    case .monitor: PackageResources.monitor_mustache
    case .notices: PackageResources.notices_mustache
    case .numberField: PackageResources.number_field_mustache
    case .operation: PackageResources.operation_mustache
    case .problem: PackageResources.problem_mustache
    case .problems: PackageResources.problems_mustache
    }
  }
}

extension Piece {
  init(_ template: ServiceTemplate, _ values: KeyValuePairs<String, (any Value)?> = [:]) {
    self.init(template: template.rawValue, values)
  }

  /// The piece as it is sent.
  var bytes: [UInt8] { Array(ServiceTemplate.library.html(self).utf8) }
}
