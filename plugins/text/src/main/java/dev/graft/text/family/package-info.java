/** The published families of networks over texts. */
package dev.graft.text.family;
