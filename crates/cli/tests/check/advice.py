from django.db import models


class Song(models.Model):
    title = models.CharField(max_length=80)


class Playlist(models.Model):
    songs = models.ManyToManyField(Song, through="Entry")


class Entry(models.Model):
    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE)
    song = models.ForeignKey(Song, on_delete=models.CASCADE)
