import Classifiers
import Datasets
import LinearAlgebra
import Support

/// Fits and judges the candidates of several divisions side by side, and keeps each result as soon as it is
/// there.
final class DivisionWork: Sendable {
  private let divisions: [Division]
  private let folder: RunFolder
  private let state: Mutex<State>

  /// Per candidate, per division; `nil` for what was skipped.
  typealias Scores = [[DivisionScores?]]

  private struct State {
    var scores: Scores
    var skipped = 0
    var failure: (any Error)?
  }

  /// - Parameter divisions: each with the same algorithms in the same order.
  init(_ divisions: [Division], in folder: RunFolder) {
    self.divisions = divisions
    self.folder = folder
    let none = [DivisionScores?](repeating: nil, count: divisions.count)
    state = Mutex(
      State(scores: Scores(repeating: none, count: divisions.first?.candidates.count ?? 0)))
  }

  /// Does what is not in the folder yet.
  ///
  /// - Parameters:
  ///   - mayStart: asked before each fit; where it says no, the fit is skipped.
  ///   - progress: called after each fit, one call at a time.
  /// - Returns: the scores, and how many fits were skipped.
  func run(
    threads: Int, mayStart: @Sendable () -> Bool, progress: @Sendable (FinishedFit) -> Void
  ) throws -> (scores: Scores, skipped: Int) {
    // Divisions side by side, each on few threads, keep the processor fuller than one on all; what
    // does not fill a last row of them takes all threads, one division after the other.
    let abreast = max(1, min(threads, divisions.count))
    let whole = divisions.count / abreast * abreast
    Parallelism.forEach(whole, threads: abreast) { index, _ in
      run(index, threads: max(1, threads / abreast), mayStart: mayStart, progress: progress)
    }
    for index in whole..<divisions.count {
      run(index, threads: threads, mayStart: mayStart, progress: progress)
    }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return (state.scores, state.skipped)
    }
  }

  /// Does all fits of one division.
  private func run(
    _ index: Int, threads: Int, mayStart: () -> Bool, progress: (FinishedFit) -> Void
  ) {
    let division = divisions[index]
    do {
      var data: PreparedData?
      for (number, candidate) in division.candidates.enumerated() {
        if state.withLock({ $0.failure != nil }) { return }
        let place = division.place(of: candidate)
        if let known = try folder.divisionDocument(at: place) {
          finish(number, index, known.result, wasKnown: true, progress)
          continue
        }
        guard mayStart() else {
          state.withLock { $0.skipped += 1 }
          continue
        }
        let prepared = try data ?? division.prepare()
        data = prepared
        let scores = try candidate.scores(
          on: prepared, of: division.name, thresholds: division.thresholds, threads: threads)
        try folder.record(DivisionDocument(candidate, scores), at: place)
        finish(number, index, scores, wasKnown: false, progress)
      }
    } catch {
      state.withLock { state in
        if state.failure == nil { state.failure = error }
      }
    }
  }

  private func finish(
    _ candidate: Int, _ division: Int, _ scores: DivisionScores, wasKnown: Bool,
    _ progress: (FinishedFit) -> Void
  ) {
    let (name, classifier) = (divisions[division].name, divisions[division].candidates[candidate])
    state.withLock { state in
      state.scores[candidate][division] = scores
      progress(
        FinishedFit(
          name: "\(type(of: classifier).algorithm.rawValue), \(name.words)",
          accuracy: scores.scores[.accuracy], wasKnown: wasKnown))
    }
  }
}

/// A fit on a division of the rows, or of a sweep, that is finished.
public struct FinishedFit: Sendable {
  /// Which one it is, for people.
  public let name: String
  public let accuracy: Double?
  /// Whether it was on disk already.
  public let wasKnown: Bool
}

extension ProgressDisplay {
  func step(_ fit: FinishedFit) {
    step(wasKnown: fit.wasKnown)
    let accuracy = fit.accuracy.map { ", accuracy \($0)" } ?? ""
    detail(fit.name + accuracy + (fit.wasKnown ? ", done before" : ""))
  }
}
