import Classifiers
import JSON
import ModelFiles
import Support

/// Grids as they are typed, and as they stand in files.
extension ParameterGrid {
  /// Takes a setting as it is typed, without the classifier's name: `n_estimators=50,100,200`.
  ///
  /// Values stand between commas, and `3...8` means the whole numbers from 3 to 8. A value that is itself
  /// a list can only be given in a file.
  public mutating func set(typed text: some StringProtocol) throws(RequestError) {
    guard let equals = text.firstIndex(of: "=") else {
      throw RequestError(.badRequest, "expected NAME=VALUE,VALUE, found \"\(text)\"")
    }
    let values = text[text.index(after: equals)...].split(
      separator: ",", omittingEmptySubsequences: false)
    var parsed: [HyperparameterValue] = []
    for value in values {
      if let range = Self.range(value) {
        guard range.count <= 100_000 else {
          throw RequestError(.badRequest, "\(value) has more than 100,000 values")
        }
        parsed += range.map { .integer($0) }
      } else {
        parsed.append(HyperparameterValue(parsing: String(value)))
      }
    }
    try set(String(text[..<equals]), to: parsed)
  }

  /// The whole numbers that `3...8` means; `nil` for other texts.
  static func range(_ text: some StringProtocol) -> ClosedRange<Int>? {
    let ends = text.split(separator: "...", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first <= last else {
      return nil
    }
    return first...last
  }

  /// The grids that a sweep's options ask for.
  ///
  /// - Parameter path: a file of grids, which is read; the other parameters are those below.
  public static func grids(
    inFile path: String?, models: String?, without excluded: String?, settings: [String]
  ) throws -> [ParameterGrid] {
    let file = try path.map { try grids(fromFile: Files.read($0), name: $0) }
    return try grids(file, models: models, without: excluded, settings: settings)
  }

  /// The grids that a sweep's options ask for.
  ///
  /// - Parameters:
  ///   - file: those of a file; `nil` for the standard classifiers.
  ///   - models: the names of those to fit, separated by commas; `nil` for those of the file.
  ///   - excluded: the same of those to leave out.
  ///   - settings: such as `RandomForest.n_estimators=50,100`; they replace what a file says.
  static func grids(
    _ file: [ParameterGrid]?, models: String?, without excluded: String?, settings: [String]
  ) throws(RequestError) -> [ParameterGrid] {
    var grids = file ?? []
    let usual =
      file == nil
      ? Algorithm.standard
      : Algorithm.allCases.filter { algorithm in grids.contains { $0.algorithm == algorithm } }
    let chosen = try ModelChoice.algorithms(named: models, without: excluded, usually: usual)
    grids.removeAll { !chosen.contains($0.algorithm) }
    for algorithm in chosen where !grids.contains(where: { $0.algorithm == algorithm }) {
      grids.append(ParameterGrid(algorithm))
    }
    for setting in settings {
      let (algorithm, name, value) = try ModelChoice.setting(
        setting, form: "MODEL.NAME=VALUE,VALUE")
      guard chosen.contains(algorithm) else {
        throw RequestError(
          .badRequest,
          "--set \(setting): \(algorithm.rawValue) is not among the models to fit.")
      }
      for place in grids.indices where grids[place].algorithm == algorithm {
        do throws(RequestError) {
          try grids[place].set(typed: "\(name)=\(value)")
        } catch {
          throw RequestError(.badRequest, "--set \(setting): \(error).")
        }
      }
    }
    return grids
  }

  /// Reads a grid file: an object with a member per classifier, whose value is a grid or a list of grids;
  /// a grid is an object with a list of values per hyper-parameter, or the only value.
  ///
  ///     {"RandomForest": {"n_estimators": [50, 100], "max_depth": [8, null]}, "GaussianNB": {}}
  ///
  /// - Parameter name: what errors call the file.
  static func grids(
    fromFile bytes: [UInt8], name: String
  ) throws(RequestError) -> [ParameterGrid] {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONValue(parsing: bytes)
    } catch {
      throw RequestError(.badData, "\(name): \(error)")
    }
    do throws(RequestError) {
      let grids = try grids(from: document)
      guard !grids.isEmpty else {
        throw RequestError(.badData, "expected at least one classifier, found none")
      }
      return grids
    } catch {
      throw RequestError(.badData, "\(name): \(error)")
    }
  }

  /// The grids of a document of that form, classifier by classifier.
  static func grids(from document: JSONValue) throws(RequestError) -> [ParameterGrid] {
    guard let members = document.members else {
      throw RequestError(.badData, "expected an object with a member per classifier")
    }
    var grids: [ParameterGrid] = []
    for member in members {
      guard let algorithm = Algorithm(named: member.name) else {
        throw RequestError(
          .badData,
          "there is no model \(JSONReader.quoted(member.name)); there are \(Algorithm.names)")
      }
      guard !grids.contains(where: { $0.algorithm == algorithm }) else {
        throw RequestError(.badData, "\(algorithm.rawValue) is listed twice")
      }
      for part in member.value.elements ?? [member.value] {
        guard let axes = part.members else {
          throw RequestError(
            .badData, "\(algorithm.rawValue): expected an object of hyper-parameters, found \(part)"
          )
        }
        var grid = ParameterGrid(algorithm)
        for axis in axes {
          var values: [HyperparameterValue] = []
          for value in axis.value.elements ?? [axis.value] {
            guard let value = HyperparameterValue(value) else {
              throw RequestError(
                .badData,
                "\(algorithm.rawValue).\(axis.name): expected null, true, false, a number, a text or a "
                  + "list of numbers, found \(value)")
            }
            values.append(value)
          }
          do throws(RequestError) {
            try grid.set(axis.name, to: values)
          } catch {
            throw RequestError(.badData, "\(algorithm.rawValue): \(error)")
          }
        }
        grids.append(grid)
      }
    }
    return grids
  }

  /// The document that ``grids(from:)`` reads, in the order of the roster.
  static func document(of grids: [ParameterGrid]) -> JSONValue {
    .object(
      Algorithm.allCases.compactMap { algorithm in
        let own = grids.filter { $0.algorithm == algorithm }.map { grid in
          JSONValue.object(
            grid.axes.map { axis in
              JSONValue.Member(axis.name, .array(axis.values.map { JSONValue($0) }))
            })
        }
        return own.isEmpty ? nil : JSONValue.Member(algorithm.rawValue, .array(own))
      })
  }
}

extension Algorithm {
  /// The algorithm of that name, in any case.
  init?(named name: String) {
    guard
      let match = Self.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() })
    else { return nil }
    self = match
  }

  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
