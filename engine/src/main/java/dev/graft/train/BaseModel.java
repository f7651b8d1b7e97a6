package dev.graft.train;

import dev.graft.model.Model;

/** Makes models of one architecture; each call builds a new one that the caller closes. */
public interface BaseModel {

  /** The network with its pretrained weights and its original head. */
  Model pretrained();

  /** The network in the form that can be trained from random weights, with random weights. */
  Model random();
}
