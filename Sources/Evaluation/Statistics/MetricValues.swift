/// Something for each metric; written under the metrics' keys.
public struct MetricValues<Value> {
  private var values: [Metric: Value]

  public init() { values = [:] }

  public subscript(metric: Metric) -> Value? {
    get { values[metric] }
    set { values[metric] = newValue }
  }

  /// The metrics that have a value, in their usual order.
  public var metrics: [Metric] { Metric.allCases.filter { values[$0] != nil } }

  /// The metrics that say something about that many classes, and the cost where it has a value.
  public func shown(classCount: Int) -> [Metric] {
    Metric.shown(classCount: classCount) + (values[.cost] == nil ? [] : [.cost])
  }
}

extension MetricValues: Sendable where Value: Sendable {}
extension MetricValues: Equatable where Value: Equatable {}
extension MetricValues: Hashable where Value: Hashable {}

private struct MetricKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension MetricValues: Encodable where Value: Encodable {
  public func encode(to encoder: any Encoder) throws { try encode(to: encoder, metrics) }

  /// Writes these metrics, null where they have no value.
  public func encode(to encoder: any Encoder, _ metrics: [Metric]) throws {
    var container = encoder.container(keyedBy: MetricKey.self)
    for metric in metrics {
      try container.encode(values[metric], forKey: MetricKey(stringValue: metric.rawValue))
    }
  }
}

/// Reads what it knows: null and the keys of no metric are passed over.
extension MetricValues: Decodable where Value: Decodable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: MetricKey.self)
    values = [:]
    for key in container.allKeys {
      guard let metric = Metric(rawValue: key.stringValue) else { continue }
      values[metric] = try container.decodeIfPresent(Value.self, forKey: key)
    }
  }
}
