/// The body of a `multipart/form-data` request.
///
/// - SeeAlso: RFC 7578.
public struct MultipartForm: Hashable, Sendable {
  public struct Part: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
      case bytes([UInt8])
      /// The path of a file, which is read while it is sent.
      case file(String)
    }

    public let name: String
    public let fileName: String?
    public let content: Content

    public init(name: String, fileName: String? = nil, content: Content) {
      self.name = name
      self.fileName = fileName
      self.content = content
    }
  }

  public let parts: [Part]

  public init(_ parts: [Part]) { self.parts = parts }
}
