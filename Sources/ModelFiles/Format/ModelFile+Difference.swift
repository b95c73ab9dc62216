import JSON
import Support

extension ModelFile {
  /// What differs between a model's file and the same made again: the first tensor that does, and the first entry of
  /// the metadata. Empty where neither does.
  ///
  /// - Parameters:
  ///   - kept: the file's bytes.
  ///   - made: those that were made again.
  public static func differences(_ kept: [UInt8], _ made: [UInt8]) -> [String] {
    do throws(ModelFileError) {
      let kept = try SafetensorsFile(ByteSource(kept, name: name))
      let made = try SafetensorsFile(ByteSource(made, name: name))
      return try [kept.tensorDifference(from: made), kept.metadataDifference(from: made)]
        .compactMap(\.self)
    } catch {
      return [error.description]
    }
  }
}

extension SafetensorsFile {
  fileprivate func metadataDifference(from made: SafetensorsFile) -> String? {
    let keys = Set(metadata.keys).union(made.metadata.keys).sorted()
    let different = keys.filter { metadata[$0] != made.metadata[$0] }
    guard let key = different.first else { return nil }
    func shown(_ text: String?, _ other: String?) -> String {
      text.map { JSONReader.quoted(TextDifference.part(of: $0, besides: other ?? "")) } ?? "nothing"
    }
    let (old, new) = (metadata[key], made.metadata[key])
    let others =
      different.count > 1 ? ", and \(different.dropFirst().map { "\"\($0)\"" }.listed())" : ""
    return "__metadata__ \"\(key)\": \(shown(old, new)), made again \(shown(new, old))\(others)"
  }

  fileprivate func tensorDifference(from made: SafetensorsFile) throws(ModelFileError) -> String? {
    for name in Set(tensorNames).union(made.tensorNames).sorted() {
      guard has(name), made.has(name) else {
        return "tensor \"\(name)\" is only \(has(name) ? "in the file" : "made again")"
      }
      let (old, new) = (try type(of: name), try made.type(of: name))
      guard old == new else { return "tensor \"\(name)\": \(old), made again \(new)" }
      if let text = try elementDifference(from: made, name) { return "tensor \"\(name)\": \(text)" }
    }
    return nil
  }

  private func elementDifference(
    from made: SafetensorsFile, _ name: String
  ) throws(ModelFileError) -> String? {
    func compare<Element: TensorElement>(
      _: Element.Type
    ) throws(ModelFileError) -> String? where Element: CustomStringConvertible {
      let old: [Element] = try elements(name)
      let new: [Element] = try made.elements(name)
      // By their bytes: NaN is what it is, and 0 is not -0.
      let places = old.indices.filter { place in
        withUnsafeBytes(of: old[place]) { old in
          withUnsafeBytes(of: new[place]) { !old.elementsEqual($0) }
        }
      }
      return places.first.map {
        "\(places.count) of \(old.count) elements differ, the first is number \($0 + 1): "
          + "\(old[$0]), made again \(new[$0])"
      }
    }
    return switch try elementType(of: name) {
    case .float64: try compare(Double.self)
    case .float32: try compare(Float.self)
    case .int32: try compare(Int32.self)
    default: try compare(UInt8.self)
    }
  }
}
