import Support

extension CreatedExperiment {
  /// The experiments that Comet has made for a run folder's journals, by their names.
  ///
  /// Nothing is locked or changed, so a run that still goes on can be read, too. Of several journals with
  /// one name the newest counts; files that are not journals are skipped.
  public static func all(inRunFolder path: String) -> [String: CreatedExperiment] {
    let folder = path + "/" + PendingExperiment.folderName
    let journals = ((try? Files.contents(of: folder)) ?? []).filter { $0.hasSuffix(".jsonl") }
    // The number of a later journal is longer, or larger.
    let inOrder = journals.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    return inOrder.reduce(into: [:]) { found, name in
      let path = folder + "/" + name
      guard let bytes = try? Files.read(path),
        let (experiment, state) = try? JournalState.read(bytes, path),
        let name = experiment.name, let created = state.created
      else { return }
      found[name] = created
    }
  }

  /// The pages of those experiments, by their names.
  public static func links(inRunFolder path: String) -> [String: String] {
    all(inRunFolder: path).compactMapValues(\.link)
  }
}
