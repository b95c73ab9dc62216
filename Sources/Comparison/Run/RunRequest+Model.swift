import Datasets
import JSON
import ModelFiles

extension RunRequest {
  /// What one model of the run depends on: the same in all runs that make this model of equal files, wherever these are.
  ///
  /// - Parameter source: the data that was read.
  func ofModel(_ algorithm: Algorithm, _ source: PreparedData.Source) -> RunRequest {
    var request = ofModels
    request.candidates = candidates.filter { $0.algorithm == algorithm }
    request.data = source.fileName
    request.testData = source.testFile?.name
    request.ignoredFindings = nil
    request.chosenFrom = nil
    return request
  }

  /// The same without what judges models besides: folds, divisions, curves of learning, importances.
  var ofModels: RunRequest {
    var request = self
    (request.folds, request.rope, request.divisions) = (nil, nil, nil)
    (request.permutationRepeats, request.sortBy) = (nil, nil)
    request.learningCurveParts = 0
    return request
  }
}

extension ModelDescription {
  /// What the model's run was asked for; `nil` in files of earlier versions.
  ///
  /// - Parameter path: the model's file, for the error.
  func runRequest(at path: String) throws(RequestError) -> RunRequest? {
    guard let request else { return nil }
    do throws(JSONError) {
      return try JSONDocument.decode(RunRequest.self, from: request.utf8)
    } catch {
      throw RequestError(.badData, "\(path): __metadata__, \"request\": \(error)")
    }
  }
}
