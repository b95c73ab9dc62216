import Foundation

/// One part of a `multipart/form-data` body.
struct FormPart: Sendable {
  let name: String
  let fileName: String?
  let bytes: [UInt8]
}

/// Why a form could not be read.
struct MultipartError: Error, CustomStringConvertible {
  let description: String
}

/// Reads `multipart/form-data` (RFC 7578) strictly: delimiters on lines of their own, a
/// `Content-Disposition` with a name in every part, the closing delimiter at the end.
enum Multipart {
  static func parts(of request: HTTPRequest) throws(MultipartError) -> [FormPart] {
    guard request.mediaType == "multipart/form-data",
      let type = request.header("Content-Type"),
      let boundary = parameter("boundary", of: type), (1...70).contains(boundary.utf8.count)
    else { throw MultipartError(description: "expected multipart/form-data with a boundary") }
    let body = Data(request.body)
    let delimiter = Data("--\(boundary)".utf8)
    guard body.starts(with: delimiter) else {
      throw MultipartError(description: "the form does not start with its boundary")
    }
    var parts: [FormPart] = []
    var position = delimiter.count
    let separator = Data("\r\n".utf8) + delimiter
    while true {
      let rest = body[position...]
      if rest.starts(with: Array("--".utf8)) { return parts }
      guard rest.starts(with: Array("\r\n".utf8)) else {
        throw MultipartError(description: "a boundary is not on a line of its own")
      }
      guard let headEnd = rest.range(of: Data("\r\n\r\n".utf8))?.lowerBound,
        let end = body.range(of: separator, in: headEnd + 2..<body.count)?.lowerBound
      else { throw MultipartError(description: "the form ends before its closing boundary") }
      let head = String(decoding: body[position..<headEnd], as: UTF8.self)
      parts.append(try part(head: head, bytes: Array(body[min(headEnd + 4, end)..<end])))
      position = end + separator.count
    }
  }

  private static func part(head: String, bytes: [UInt8]) throws(MultipartError) -> FormPart {
    for line in head.split(separator: "\r\n") {
      let sides = line.split(separator: ":", maxSplits: 1)
      guard sides.count == 2, sides[0].lowercased() == "content-disposition" else { continue }
      let value = sides[1].trimmingCharacters(in: .whitespaces)
      guard value.hasPrefix("form-data"), let name = parameter("name", of: value) else { break }
      return FormPart(name: name, fileName: parameter("filename", of: value), bytes: bytes)
    }
    throw MultipartError(description: "a part without form-data and a name")
  }

  /// A parameter of a header's value, with or without quotes.
  private static func parameter(_ name: String, of value: String) -> String? {
    for piece in value.split(separator: ";").dropFirst() {
      let sides = piece.split(separator: "=", maxSplits: 1)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard sides.count == 2, sides[0].lowercased() == name else { continue }
      let text = sides[1]
      guard text.hasPrefix("\"") else { return text }
      return text.count >= 2 && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : nil
    }
    return nil
  }
}
