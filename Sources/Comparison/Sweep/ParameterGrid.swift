public import Classifiers
import ModelFiles

/// The values that some hyper-parameters of one classifier are to take.
///
/// Every combination is a candidate. Names stand in alphabetical order, and the last one changes first,
/// so that the order in which a grid was written changes nothing.
public struct ParameterGrid: Hashable, Sendable {
  /// One hyper-parameter, under scikit-learn's name, and its values in the order that was given.
  public struct Axis: Hashable, Sendable {
    public let name: String
    public let values: [HyperparameterValue]
  }

  public let algorithm: Algorithm
  /// Sorted by name.
  public private(set) var axes: [Axis] = []

  public init(_ algorithm: Algorithm) { self.algorithm = algorithm }

  /// Sets the values of one hyper-parameter, in place of those that it had.
  public mutating func set(_ name: String, to values: [HyperparameterValue]) throws(RequestError) {
    let place = "\(algorithm.rawValue).\(name)"
    guard !values.isEmpty else { throw RequestError(.badRequest, "\(place) has no value") }
    var seen: Set<HyperparameterValue> = []
    for value in values {
      guard seen.insert(value).inserted else {
        throw RequestError(.badRequest, "\(place) has the value \(value) twice")
      }
      var classifier = algorithm.classifier(seed: 0)
      do throws(ParameterError) {
        try classifier.set(name, to: value)
      } catch {
        throw RequestError(.badRequest, "\(error)")
      }
    }
    axes.removeAll { $0.name == name }
    axes.append(Axis(name: name, values: values))
    axes.sort { $0.name < $1.name }
  }

  /// How many combinations there are.
  var candidateCount: Int {
    axes.reduce(1) { count, axis in
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.values.count)
      return overflow ? .max : product
    }
  }

  /// Every combination.
  var combinations: [[ParameterSetting]] {
    axes.reduce([[]]) { combinations, axis in
      combinations.flatMap { combination in
        axis.values.map { combination + [ParameterSetting(name: axis.name, value: $0)] }
      }
    }
  }
}

/// A hyper-parameter with its value.
public struct ParameterSetting: Hashable, Sendable, CustomStringConvertible {
  /// scikit-learn's name.
  public let name: String
  public let value: HyperparameterValue

  public var description: String { "\(name)=\(value)" }
}

/// A classifier of a sweep: an algorithm, and what differs from its defaults.
public struct Candidate: Hashable, Sendable {
  public let algorithm: Algorithm
  /// Which of the algorithm's candidates it is, counted from 1.
  public let number: Int
  /// Sorted by name.
  public let settings: [ParameterSetting]

  /// Such as `RandomForest-003`: its folder's name.
  public var name: String {
    let digits = "\(number)"
    return algorithm.rawValue + "-" + String(repeating: "0", count: max(0, 3 - digits.count))
      + digits
  }

  /// The classifier, with its seed unless a setting says another.
  public func classifier(seed: UInt32) throws(RequestError) -> any Classifier {
    var classifier = algorithm.classifier(seed: seed)
    do throws(ParameterError) {
      for setting in settings { try classifier.set(setting.name, to: setting.value) }
      try classifier.validate()
    } catch {
      let words = settings.map(\.description).joined(separator: " ")
      throw RequestError(.badRequest, "\(algorithm.rawValue) with \(words): \(error)")
    }
    return classifier
  }

  public subscript(name: String) -> HyperparameterValue? {
    settings.first { $0.name == name }?.value
  }
}
