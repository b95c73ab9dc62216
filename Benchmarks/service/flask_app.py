"""The service as it would be with Flask and scikit-learn: pickles, a pandas row, a template.

    python flask_app.py DIAMONDS.csv FOLDER     fits the model and keeps it in FOLDER
    MODELS=FOLDER gunicorn flask_app:app        serves it
"""
import os
import pickle
import sys
from pathlib import Path

FEATURES = ["carat", "color", "clarity", "depth", "table", "price", "x", "y", "z"]


def fit(table, folder):
    import numpy as np
    import pandas as pd
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import LabelEncoder, StandardScaler
    frame = pd.read_csv(table)
    labels = LabelEncoder()
    target = labels.fit_transform(
        np.where(frame["cut"].isin(["Ideal", "Premium", "Very Good"]), "Gold", "Silver"))
    features = frame[FEATURES].copy()
    parts = {"label": labels}
    for column in ("color", "clarity"):
        parts[column] = LabelEncoder().fit(features[column])
        features[column] = parts[column].transform(features[column])
    parts["scaler"] = StandardScaler().fit(features)
    scaled = parts["scaler"].transform(features)
    train, _, labels, _ = train_test_split(scaled, target, test_size=0.2, random_state=42)
    parts["model"] = RandomForestClassifier(random_state=42).fit(train, labels)
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, part in parts.items():
        (Path(folder) / f"{name}.pkl").write_bytes(pickle.dumps(part))


def make_app():
    import pandas as pd
    from flask import Flask, jsonify, render_template_string, request
    folder = Path(os.environ["MODELS"])
    parts = {path.stem: pickle.loads(path.read_bytes()) for path in folder.glob("*.pkl")}
    page = """<!DOCTYPE html><html lang="en"><title>{{ label }}</title><h1>{{ label }}</h1>
    <p>{{ "%.1f" | format(100 * probability) }} %</p><dl>{% for name, value in values.items() %}
    <dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl></html>"""
    application = Flask(__name__)

    def predict(rows):
        frame = pd.DataFrame(rows, columns=FEATURES)
        for column in ("color", "clarity"):
            frame[column] = parts[column].transform(frame[column])
        scaled = parts["scaler"].transform(frame.astype(float))
        probabilities = parts["model"].predict_proba(scaled)
        labels = parts["label"].inverse_transform(probabilities.argmax(axis=1))
        return labels, probabilities

    @application.post("/predict")
    def form():
        labels, probabilities = predict([request.form.to_dict()])
        return render_template_string(
            page, label=labels[0], probability=probabilities[0].max(), values=request.form)

    @application.post("/api/predict")
    def api():
        body = request.get_json()
        rows = body if isinstance(body, list) else [body]
        labels, probabilities = predict(rows)
        answers = [
            {"label": label, "probabilities": dict(zip(parts["label"].classes_, map(float, row)))}
            for label, row in zip(labels, probabilities)]
        return jsonify(answers if isinstance(body, list) else answers[0])

    @application.get("/ready")
    def ready():
        return "ready"

    return application


if __name__ == "__main__":
    fit(sys.argv[1], sys.argv[2])
else:
    app = make_app()
