/// Metrics in Prometheus' text format, which is OpenMetrics' too once it ends with `# EOF`.
///
/// - SeeAlso: https://prometheus.io/docs/instrumenting/exposition_formats/
public struct MetricsText {
  public enum Kind: String, Sendable {
    case counter
    case gauge
    case histogram
  }

  public private(set) var text = ""
  private var name = ""

  public init() {}

  /// Begins a family; its samples follow.
  public mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// Adds a family with one sample, which has no labels.
  public mutating func family(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    family(name, kind, help)
    sample([:], value)
  }

  /// Adds a sample to the family that was begun last.
  public mutating func sample(
    _ labels: KeyValuePairs<String, String>, _ value: Double, suffix: String = ""
  ) {
    text += name + suffix
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
      text += "{" + pairs.joined(separator: ",") + "}"
    }
    text += " " + NumberText.shortest(value) + "\n"
  }

  private static func escaped(_ value: String) -> String {
    var result = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
