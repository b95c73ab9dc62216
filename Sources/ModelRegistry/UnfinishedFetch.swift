import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The folders that are being filled, so that whoever ends the process can remove them first.
final class UnfinishedFetch: Sendable {
  private struct State {
    var folders: [StagingFolder] = []
    var hasTakenPlace = false
    var isAbandoned = false
  }

  private let state = Mutex(State())

  /// Makes a folder, and removes it after `body`, unless it has taken its place.
  func inFolder<Result: Sendable>(
    for target: String, _ body: (StagingFolder) async throws(RegistryError) -> Result
  ) async throws(RegistryError) -> Result {
    let folder = try state.withLock { state throws(RegistryError) in
      Self.stop(state)
      let folder = try StagingFolder(for: target)
      state.folders.append(folder)
      return folder
    }
    // Where the folder was removed under it, `body` fails, which is nobody's concern.
    defer {
      state.withLock { state in
        Self.stop(state)
        state.folders.removeAll { $0 === folder }
      }
    }
    return try await body(folder)
  }

  /// Puts a folder where the old one is.
  func takePlace(_ folder: StagingFolder) throws(RegistryError) {
    try state.withLock { state throws(RegistryError) in
      Self.stop(state)
      try folder.takePlace()
      state.hasTakenPlace = true
    }
  }

  /// Removes all folders. Fetches go no further: the process must end now.
  ///
  /// - Returns: whether a folder has taken its place before.
  func abandon() -> Bool {
    state.withLock { state in
      state.isAbandoned = true
      for folder in state.folders { folder.remove() }
      return state.hasTakenPlace
    }
  }

  /// Waits for the end of the process that is about to come.
  private static func stop(_ state: borrowing State) { while state.isAbandoned { pause() } }
}
