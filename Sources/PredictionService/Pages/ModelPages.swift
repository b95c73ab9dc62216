import HTML
import NIOCore
import SavedModels
import Support

/// The pages about a model, rendered as far as possible when the model is loaded.
struct ModelPages: Sendable {
  /// The empty form.
  let emptyForm: ByteBuffer
  let answer: AnswerPage
  /// The text about the model at the end of each page.
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
