import HTML
import NIOCore
import SavedModels
import Support

/// The pages about a model, rendered when the model is taken over as far as that is possible.
struct ModelPages: Sendable {
  /// The form with nothing in it.
  let emptyForm: ByteBuffer
  let answer: AnswerPage
  /// What is said about the model at the end of each page.
  let foot: [String]

  init(_ pipeline: SavedPipeline, _ origin: ServedModel.Origin, _ fields: [FeatureField]) {
    var foot = [
      pipeline.description.algorithm.rawValue, "version \(origin.version)",
    ]
    if let f1 = pipeline.description.validationMetrics["f1"] {
      foot.append("validation F1 \(NumberText.fixed(f1, 4))")
    }
    self.foot = foot
    emptyForm = ByteBuffer(bytes: FormPage(model: (pipeline, fields), foot: foot).html.bytes)
    answer = AnswerPage(pipeline, fields, foot: foot)
  }
}
