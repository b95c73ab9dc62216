public import Comet
import ModelFiles
public import Support

/// Why a set of models was not registered, or not fetched.
public struct RegistryError: ExitStatusProviding, FileErrorConvertible, Hashable,
  CustomStringConvertible
{
  public enum Kind: Hashable, Sendable {
    /// Comet does not know the key, or does not let it do this.
    case refusedKey
    /// Comet could not be reached, or did not do what it was asked for.
    case unavailable
    /// There is no such model, version or stage, or no such file.
    case missing
    /// What was fetched, or should be registered, is not a valid set.
    case badData
    /// A folder or file cannot be made, or may not be replaced.
    case cannotCreate
    case cannotWrite
  }

  public let kind: Kind
  /// What was expected, what was found, and what to do.
  public let description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  public var exitStatus: Int32 {
    switch kind {
    case .refusedKey: 77
    case .unavailable: 69
    case .missing: 66
    case .badData: 65
    case .cannotCreate: 73
    case .cannotWrite: 74
    }
  }

  public init(_ error: CometError) {
    self.init(error.kind == .refusedKey ? .refusedKey : .unavailable, error.description)
  }

  public init(_ error: FileError) {
    let kind: Kind =
      switch error.kind {
      case .cannotRead: error.isMissing ? .missing : .badData
      case .damaged: .badData
      case .cannotCreate: .cannotCreate
      case .cannotWrite: .cannotWrite
      }
    self.init(kind, error.description)
  }
}

extension ModelFileSet {
  /// Reads and checks a model's folder.
  static func read(folder: String) throws(RegistryError) -> ModelFileSet {
    do throws(ModelFileError) {
      return try ModelFileSet(folder: folder)
    } catch {
      throw RegistryError(error.kind == .missingFile ? .missing : .badData, error.description)
    }
  }
}

extension CometClient {
  /// Makes a call; what fails is an error of the registry.
  func registryAnswer<Answer>(
    to call: CometCall<Answer>
  ) async throws(RegistryError) -> Answer {
    do throws(CometError) {
      return try await answer(to: call)
    } catch {
      throw RegistryError(error)
    }
  }
}
