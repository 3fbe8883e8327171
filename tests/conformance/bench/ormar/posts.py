async def story():
    writer = await Writer.objects.create(name="writer")
    tags = [await Tag.objects.create(name=f"tag {number}") for number in range(3)]
    posts = [await Post.objects.create(title=f"post {number}", writer=writer) for number in range(5)]
    for place, post in enumerate(posts):
        await post.tags.add(tags[place % 3], place=place)
        await post.tags.add(tags[(place + 1) % 3], place=place + 1)
        found = await Post.objects.select_related("tags").get(id=post.id)
        [tag.name for tag in found.tags]
        await post.tags.filter(name="tag 1").count()
    for tag in tags:
        loaded = await Tag.objects.select_related("posts").get(id=tag.id)
        len(loaded.posts)
        await Post.objects.filter(tags__name=tag.name).count()
    for post in await Post.objects.select_related("tags").filter(posttag__place__gt=1).all():
        post.title
    await Post.objects.select_related(["tags", "writer"]).order_by("-title").all()
    await Tag.objects.prefetch_related("posts").all()
    for post in posts[:3]:
        await post.update(title="again")
        await post.tags.clear()
    await Post.objects.filter(title="again").exists()
    await PostTag.objects.delete(each=True)
    await Post.objects.delete(each=True)
    await Tag.objects.delete(each=True)
    await Writer.objects.delete(each=True)
