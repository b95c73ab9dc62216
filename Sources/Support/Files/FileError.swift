#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A file or folder that could not be read, made or written, or that has not the content that it should.
public struct FileError: ExitStatusProviding, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    case cannotRead
    /// It was read, and is not what it should be.
    case damaged
    case cannotCreate
    case cannotWrite
  }

  public let kind: Kind
  public let path: String
  /// What was expected and what was found, or the system's own words.
  public let problem: String
  /// The system's number for it, such as `ENOENT`; 0 where the system did not report it.
  public let code: Int32

  public init(_ kind: Kind, _ path: String, _ problem: String) {
    self.init(kind, path, problem, code: 0)
  }

  /// An error that the system reported.
  ///
  /// - Parameter code: the value of `errno`; read it before any other call can change it.
  init(_ kind: Kind, _ path: String, code: Int32 = errno) {
    self.init(kind, path, String(cString: strerror(code)), code: code)
  }

  private init(_ kind: Kind, _ path: String, _ problem: String, code: Int32) {
    self.kind = kind
    self.path = path
    self.problem = problem
    self.code = code
  }

  /// The same problem, met while something else was tried.
  public func met(while kind: Kind) -> FileError { FileError(kind, path, problem, code: code) }

  public var description: String { "\(path): \(problem)" }

  /// Whether there is nothing of that name.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  public var exitStatus: Int32 {
    switch kind {
    case .cannotRead: 66
    case .damaged: 65
    case .cannotCreate: 73
    case .cannotWrite: 74
    }
  }
}

/// An error of a library that says what went wrong with a file in the library's own terms.
public protocol FileErrorConvertible: Error {
  init(_ error: FileError)
}

extension FileErrorConvertible {
  /// Works with files; what fails there is thrown as an error of this type.
  public static func withFiles<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(Self) -> Result {
    do throws(FileError) {
      return try body()
    } catch {
      throw Self(error)
    }
  }
}
