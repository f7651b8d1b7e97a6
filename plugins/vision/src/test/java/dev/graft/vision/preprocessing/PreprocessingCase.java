package dev.graft.vision.preprocessing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.vision.image.Affine;
import dev.graft.vision.image.ColorAdjust;
import dev.graft.vision.image.FloatColor;
import dev.graft.vision.image.FloatImage;
import dev.graft.vision.image.FloatResize;
import dev.graft.vision.image.FloatWarp;
import dev.graft.vision.image.Geometry;
import dev.graft.vision.image.Image;
import dev.graft.vision.image.ImageDecoder;
import dev.graft.vision.image.Interpolation;
import dev.graft.vision.image.Resize;
import dev.graft.vision.image.ToneCurves;
import dev.graft.vision.preprocessing.ImagePreprocessing.ChannelOrder;
import dev.graft.vision.preprocessing.ImagePreprocessing.Exact;
import dev.graft.vision.preprocessing.ImagePreprocessing.ShortestEdge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One file of reference preprocessing: what to run, on what, and what must come out. */
record PreprocessingCase(GoldenCase golden) {

  /**
   * What may differ.
   *
   * @param largest largest difference of a value
   * @param mean largest mean difference
   * @param equalShare least part of the values that are equal
   */
  record Tolerance(double largest, double mean, double equalShare) {

    /** The same for bytes, where one level is 1. */
    Tolerance bytes() {
      return new Tolerance(Math.rint(largest * 255), mean * 255, equalShare);
    }
  }

  private JsonNode file() {
    return golden.json();
  }

  private String name() {
    return file().get("name").asText();
  }

  private Image input() throws IOException {
    return ImageDecoder.DEFAULT.decode(golden.sibling(file().get("input").asText()));
  }

  Image expectedImage() throws IOException {
    return ImageDecoder.DEFAULT.decode(golden.sibling(expected("image").asText()));
  }

  JsonNode expected(String key) {
    return file().get("expected").path(key);
  }

  /** Runs what the file describes and gives bytes. */
  Image bytes() throws IOException {
    Image input = input();
    String operation = name().replaceAll("_-?\\d.*", "");
    return switch (operation) {
      case "adjust_brightness" -> ColorAdjust.brightness(input, factor());
      case "adjust_contrast" -> ColorAdjust.contrast(input, factor());
      case "adjust_saturation" -> ColorAdjust.saturation(input, factor());
      case "adjust_hue" -> ColorAdjust.hue(input, factor());
      case "adjust_sharpness" -> ColorAdjust.sharpness(input, factor());
      case "adjust_gamma" -> ToneCurves.gamma(input, factor());
      case "autocontrast" -> ToneCurves.autocontrast(input);
      case "equalize" -> ToneCurves.equalize(input);
      case "invert" -> ToneCurves.invert(input);
      case "posterize" -> ToneCurves.posterize(input, parameter("bits").asInt());
      case "solarize" -> ToneCurves.solarize(input, parameter("threshold").asInt());
      case "grayscale" -> sameChannels(input.toGray());
      case "hflip" -> Geometry.flipHorizontally(input);
      case "vflip" -> Geometry.flipVertically(input);
      case "pad_constant", "pad_edge", "pad_reflect", "pad_symmetric" -> pad(input);
      case "random_resized_crop_given_box" -> resizedCrop(input);
      default -> {
        if (operation.startsWith("resize_")) {
          yield resize(input);
        }
        throw new UnsupportedOperationException(name());
      }
    };
  }

  private Image sameChannels(Image gray) throws IOException {
    return expectedImage().channels() == 3 ? gray.toRgb() : gray;
  }

  private Image pad(Image input) {
    int[] sides = numbers("left (\\d+), top (\\d+), right (\\d+), bottom (\\d+)");
    return Geometry.pad(
        input,
        new Geometry.Margins(sides[0], sides[1], sides[2], sides[3]),
        Geometry.Border.valueOf(parameter("mode").asText().toUpperCase(Locale.ROOT)),
        parameter("fill").asInt());
  }

  private Image resizedCrop(Image input) {
    JsonNode box = parameter("box");
    Geometry.Box part =
        new Geometry.Box(
            box.get(0).asInt(), box.get(1).asInt(), box.get(2).asInt(), box.get(3).asInt());
    JsonNode size = parameter("size");
    return Resize.to(
        Geometry.crop(input, part), size.get(1).asInt(), size.get(0).asInt(), interpolation());
  }

  private Image resize(Image input) {
    JsonNode size = parameter("size");
    return size.isInt()
        ? Resize.shortestEdge(input, size.asInt(), interpolation())
        : Resize.to(input, size.get(1).asInt(), size.get(0).asInt(), interpolation());
  }

  /** Runs what the file describes and gives floats. */
  FloatImage floats() throws IOException {
    Image input = input();
    String operation = name().replaceAll("_-?\\d.*", "").replaceAll("_tensor$", "");
    FloatImage tensor = FloatImage.of(input);
    return switch (operation) {
      case "adjust_brightness" -> FloatColor.brightness(tensor, factor());
      case "adjust_contrast" -> FloatColor.contrast(tensor, factor());
      case "adjust_saturation" -> FloatColor.saturation(tensor, factor());
      case "adjust_hue" -> FloatColor.hue(tensor, factor());
      case "adjust_sharpness" -> FloatColor.sharpness(tensor, factor());
      case "adjust_gamma" -> FloatColor.gamma(tensor, factor());
      case "affine" -> FloatWarp.affine(tensor, movement());
      case "perspective" ->
          FloatWarp.perspective(
              tensor, points(parameter("startpoints")), points(parameter("endpoints")));
      case "gray_to_tensor_resize" -> {
        int[] size = numbers("Resize\\(\\((\\d+),\\s*(\\d+)\\)\\)");
        yield FloatImage.of(Resize.to(input, size[1], size[0], Interpolation.BILINEAR));
      }
      default -> {
        if (operation.startsWith("imagenet_eval_pipeline")) {
          yield pipeline(input);
        }
        if (operation.startsWith("resize")) {
          yield resize(tensor);
        }
        throw new UnsupportedOperationException(name());
      }
    };
  }

  private FloatImage resize(FloatImage tensor) {
    int[] size = numbers("height (\\d+), width (\\d+)");
    return FloatResize.to(
        tensor, size[0], size[1], interpolation(), parameter("antialias").asBoolean());
  }

  private FloatImage pipeline(Image input) {
    int[] sizes = numbers("Resize\\((\\d+)\\).*CenterCrop\\((\\d+)\\)");
    ImagePreprocessing preprocessing =
        new ImagePreprocessing(
            Optional.of(new ShortestEdge(sizes[0])),
            Interpolation.BILINEAR,
            Optional.of(new Exact(sizes[1], sizes[1])),
            1 / 255.0,
            doubles(parameter("mean")),
            doubles(parameter("std")),
            ChannelOrder.RGB);
    return preprocessing.normalize(preprocessing.apply(input));
  }

  private Affine.Movement movement() {
    return new Affine.Movement(
        parameter("angle").asDouble(),
        parameter("translate").get(0).asDouble(),
        parameter("translate").get(1).asDouble(),
        parameter("scale").asDouble(),
        parameter("shear").get(0).asDouble(),
        parameter("shear").get(1).asDouble());
  }

  private static double[][] points(JsonNode list) {
    double[][] points = new double[list.size()][];
    for (int i = 0; i < points.length; i++) {
      points[i] = new double[] {list.get(i).get(0).asDouble(), list.get(i).get(1).asDouble()};
    }
    return points;
  }

  private static List<Double> doubles(JsonNode list) {
    List<Double> values = new ArrayList<>();
    list.forEach(value -> values.add(value.asDouble()));
    return values;
  }

  private JsonNode parameter(String key) {
    return file().get("parameters").path(key);
  }

  private double factor() {
    return parameter("factor").asDouble();
  }

  private Interpolation interpolation() {
    JsonNode name = parameter("interpolation");
    return name.isMissingNode() ? Interpolation.BILINEAR : Interpolation.of(name.asText());
  }

  /** Numbers that stand in the file's definition in words. */
  private int[] numbers(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(file().get("definition").asText());
    if (!matcher.find()) {
      throw new IllegalArgumentException(
          "'%s' not in definition '%s'".formatted(pattern, file().get("definition").asText()));
    }
    int[] numbers = new int[matcher.groupCount()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Integer.parseInt(matcher.group(i + 1));
    }
    return numbers;
  }

  /** What the file allows, read from its words. */
  Tolerance tolerance() {
    String text = file().get("tolerance").asText();
    if (text.equals("exact")) {
      return new Tolerance(0, 0, 1);
    }
    // One level of 255, and a little for the rounding of the division.
    double largest = number("([0-9.e-]+) absolute", text, 1.0001 / 255);
    double mean = number("mean absolute difference below ([0-9.e-]+)", text, largest);
    return new Tolerance(largest, mean, number("at least (\\d+) % equal", text, 0) / 100);
  }

  private static double number(String pattern, String text, double otherwise) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : otherwise;
  }
}
